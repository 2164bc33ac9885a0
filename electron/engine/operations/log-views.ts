import type { InputOf, OutputOf } from '#shared/contract/contract.ts'
import type { EngineAccess, EngineHandlers } from '../engine-access.ts'
import { appendCustody } from '../annotations/custody.ts'
import type { OpenCase } from '../open-case.ts'

/** What is noted of a look at the case; nothing for a further page of the same list. */
type Noted = Readonly<Record<string, unknown>> | undefined
type Notes = { readonly [N in keyof EngineHandlers]?: (input: InputOf<N>, output: OutputOf<N>) => Noted }

const notes = {
  'events.find': (input, output) => (input.offset > 0 ? undefined : { query: input.query, events: output.total }),
  'events.records': (input, output) => (input.offset > 0 ? undefined : { query: input.query, events: output.total }),
  'events.count': (input, output) => ({ query: input.query, by: input.by, events: output.total }),
  'events.get': (input, output) => ({ event: input.id, eventID: output.eventID }),
  'sql.run': (input, output) => ({ sql: input.sql, rows: output.rows.length, truncated: output.truncated }),
} satisfies Notes

/**
 * The same handlers, which also write searches and views to the custody log where the case asks for it (FS-09). The same look twice in a
 * row is written once. Only an examiner's looks are written: without one a case cannot be written to.
 */
export function loggingViews(engine: EngineAccess, handlers: EngineHandlers): EngineHandlers {
  const last = new WeakMap<OpenCase, string>()
  const logged = <N extends keyof typeof notes>(name: N): EngineHandlers[N] => {
    const handler = handlers[name] as (input: InputOf<N>, call: never) => Promise<OutputOf<N>>
    const note = notes[name] as (input: InputOf<N>, output: OutputOf<N>) => Noted
    const wrapped = async (
      input: InputOf<N> & { caseId: InputOf<'events.find'>['caseId'] },
      call: never,
    ): Promise<OutputOf<N>> => {
      const output = await handler(input, call)
      const open = engine.case(input.caseId)
      const noted = open.examiner && (await isLogging(open)) ? note(input, output) : undefined
      if (noted) await write(open, `view.${name}`, noted)
      return output
    }
    return wrapped as unknown as EngineHandlers[N]
  }
  const write = async (open: OpenCase, action: string, body: Readonly<Record<string, unknown>>): Promise<void> => {
    const text = `${action} ${JSON.stringify(body)}`
    if (last.get(open) === text) return
    last.set(open, text)
    await open.file.transaction((tx) => appendCustody(tx, open.act(action, body)))
  }
  return {
    ...handlers,
    'events.find': logged('events.find'),
    'events.records': logged('events.records'),
    'events.count': logged('events.count'),
    'events.get': logged('events.get'),
    'sql.run': logged('sql.run'),
  }
}

async function isLogging(open: OpenCase): Promise<boolean> {
  await open.annotated.readOnce()
  return open.annotated.state.logViews
}
