import { assertNever } from '#shared/base/assert.ts'

type Finding = { kind: 'gap'; from: number } | { kind: 'altered'; expected: string } | { kind: 'missing' }

export function whole(finding: Finding): string {
  switch (finding.kind) {
    case 'gap':
      return String(finding.from)
    case 'altered':
      return finding.expected
    case 'missing':
      return ''
    default:
      return assertNever(finding)
  }
}

export function forgetful(finding: Finding): string {
  if (finding.kind === 'gap') return String(finding.from)
  if (finding.kind === 'altered') return finding.expected
  // @ts-expect-error `missing` was forgotten
  return assertNever(finding)
}
