/**
 * An expected failure is a value. A bug throws; bad evidence is data (an outcome or a verdict).
 * `code` is for programs, `message` for people: what happened, why, and what to do, in one line.
 */
export type Ok<T> = { readonly ok: true; readonly value: T }
export type Failed<Code extends string = string> = { readonly ok: false; readonly code: Code; readonly message: string }
export type Result<T, Code extends string = string> = Ok<T> | Failed<Code>

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value })
export const failed = <Code extends string>(code: Code, message: string): Failed<Code> => ({ ok: false, code, message })
