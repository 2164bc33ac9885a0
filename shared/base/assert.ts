/** Throws when something we hold impossible happened; `why` says why we thought so. */
export function assert(condition: boolean, why: string): asserts condition {
  if (!condition) throw new Error(`This should not happen: ${why}`)
}

/** Ends a `switch` over a union: a new member that is not handled does not compile. */
export function assertNever(value: never): never {
  throw new Error(`This should not happen: unhandled case ${JSON.stringify(value)}`)
}

/** The value, when absence would be a bug. `why` says why it must be there. */
export function ensure<T>(value: T | null | undefined, why: string): T {
  if (value === null || value === undefined) throw new Error(`This should not happen: ${why}`)
  return value
}
