const HUES = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `--series-${n}`)

/** Values whose colour means something. */
const FIXED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  access: { ok: '--series-rest', denied: '--denied', failed: '--missing' },
  readOnly: { true: '--series-rest', false: '--series-1' },
  integrity: {
    proven: '--proven',
    listed: '--listed',
    unreferenced: '--missing',
    trailing: '--missing',
    modified: '--altered',
    unreadable: '--altered',
    none: '--series-rest',
  },
}

/**
 * A colour token for each value. Values keep the token they had `before`; others take the first that nobody of these has. What is summed
 * up as the rest is grey.
 */
export function seriesTokens(
  field: string,
  values: readonly string[],
  before: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const fixed = new Map(Object.entries(FIXED[field] ?? {}))
  const kept = new Map(Object.entries(before))
  const tokens = new Map<string, string>([['others', '--series-rest'], ['none', '--series-rest'], ...fixed])
  for (const value of values) {
    const token = kept.get(value)
    if (!tokens.has(value) && token !== undefined) tokens.set(value, token)
  }
  const taken = new Set(values.map((value) => tokens.get(value)))
  for (const value of values) {
    if (tokens.has(value)) continue
    const token = HUES.find((hue) => !taken.has(hue)) ?? '--series-rest'
    taken.add(token)
    tokens.set(value, token)
  }
  return Object.fromEntries([...kept, ...tokens])
}
