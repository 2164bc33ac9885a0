/**
 * One text per content: members sorted by key (code units), numbers by their value, no blanks; members that are `undefined`
 * are left out. Two values say the same exactly when these texts are equal. What JSON Canonicalization (RFC 8785) asks for.
 * Walks with its own stack, so that no depth of nesting overflows.
 */
export function canonicalJson(value: unknown): string {
  const out: string[] = []
  /** Text to write, or a value still to be written (wrapped, as a value may be a string). */
  const work: (string | { readonly value: unknown })[] = [{ value }]
  while (work.length > 0) {
    const next = work.pop()!
    if (typeof next === 'string') {
      out.push(next)
      continue
    }
    const v = next.value
    if (Array.isArray(v)) {
      work.push(']')
      for (let i = v.length - 1; i >= 0; i--) work.push({ value: v[i] }, i === 0 ? '' : ',')
      work.push('[')
    } else if (typeof v === 'object' && v !== null) {
      const members = v as { readonly [key: string]: unknown }
      const keys = Object.keys(members)
        .filter((key) => members[key] !== undefined)
        .sort()
      work.push('}')
      for (let i = keys.length - 1; i >= 0; i--) {
        const key = keys[i]!
        work.push({ value: members[key] }, `${i === 0 ? '' : ','}${JSON.stringify(key)}:`)
      }
      work.push('{')
    } else {
      out.push(JSON.stringify(v))
    }
  }
  return out.join('')
}
