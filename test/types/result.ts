import { failed, ok, type Result } from '#shared/base/result.ts'

type Refusal = 'locked' | 'newer-version'
declare const opened: Result<number, Refusal>

// @ts-expect-error the value is there only after `ok` was asked
export const early = opened.value

// @ts-expect-error and so is the reason
export const excuse = opened.message

/** After asking, each side has its own members and no other. */
export function tell(): string {
  if (opened.ok) {
    // @ts-expect-error a success has no code
    if (opened.code) return ''
    return opened.value.toFixed()
  }
  // @ts-expect-error a code that this operation does not give
  if (opened.code === 'disk-full') return ''
  return opened.code
}

export const right: Result<string, Refusal> = ok('text')
export const refused: Result<string, Refusal> = failed('locked', 'The case is open elsewhere.')
// @ts-expect-error a value of another type
export const wrong: Result<string, Refusal> = ok(1)
// @ts-expect-error a code that is not in the list
export const strange: Result<string, Refusal> = failed('no-such-code', '')
