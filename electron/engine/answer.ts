import {
  isOperationName,
  operations,
  type Failure,
  type FailureCode,
  type OperationName,
} from '#shared/contract/contract.ts'
import { BadQuery } from './queries/question.ts'
import { Refusal, STOPPED } from './refusal.ts'

type AnyHandler = (input: unknown, call: { signal: AbortSignal; progress: (p: unknown) => void }) => Promise<unknown>
export type Handlers = Readonly<Partial<Record<OperationName, AnyHandler>>>

/**
 * Answers one request from a stranger: an unknown name, bad input, an expected failure or a bug becomes a coded failure,
 * never an exception and never silence. `log` gets the bugs, with their stack, for the people who mend them.
 */
export async function answer(
  handlers: Handlers,
  name: string,
  input: unknown,
  call: { signal: AbortSignal; progress: (p: unknown) => void },
  log: (error: unknown) => void,
): Promise<{ ok: true; value: unknown } | Failure> {
  if (!isOperationName(name))
    return {
      ok: false,
      code: 'unknown-operation',
      message: `There is no operation ${JSON.stringify(name.slice(0, 60))}.`,
    }
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined
  if (!handler) return { ok: false, code: 'unknown-operation', message: `This host does not answer ${name}.` }
  const parsed = operations[name].input.safeParse(input)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    return {
      ok: false,
      code: 'bad-input',
      message: `${name}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'does not fit'}`.replace('  ', ' '),
    }
  }
  try {
    return { ok: true, value: await handler(parsed.data, call) }
  } catch (error) {
    return toFailure(error, log)
  }
}

function toFailure(error: unknown, log: (error: unknown) => void): Failure {
  if (error instanceof BadQuery) return { ok: false, code: 'bad-query', message: error.message, at: error.at }
  if (error instanceof Refusal) return { ok: false, code: error.code satisfies FailureCode, message: error.message }
  // What an aborted signal throws by itself.
  if (error instanceof Error && error.name === 'AbortError') return { ok: false, code: 'cancelled', message: STOPPED }
  const system = (error as NodeJS.ErrnoException | undefined)?.code
  if (system === 'ENOSPC')
    return {
      ok: false,
      code: 'disk-full',
      message: 'The disk is full. Free some space and try again; what was stored stays.',
    }
  if (system === 'ENOENT' || system === 'EACCES' || system === 'EPERM')
    return {
      ok: false,
      code: 'unreadable',
      message: `A file cannot be read or written (${system}). Check that it is there and that you may use it.`,
    }
  log(error)
  return {
    ok: false,
    code: 'internal',
    message:
      'Something went wrong inside Trailcase. The case is safe; what you did last may be missing. Please try again, and report it if it stays.',
  }
}
