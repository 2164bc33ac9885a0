import type { AskOf, OperationName } from '#shared/contract/contract.ts'

/** The key under which an answer is kept: the question itself. */
export const askKey = <N extends OperationName>(name: N, input: AskOf<N> | null): readonly [N, AskOf<N> | null] => [
  name,
  input,
]

/** Whether the question behind a key is about this case. */
export function isAbout(key: readonly unknown[], caseId: string): boolean {
  const input = key[1]
  return typeof input === 'object' && input !== null && 'caseId' in input && input.caseId === caseId
}
