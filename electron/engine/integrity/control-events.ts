import { utcMs } from '#shared/base/time.ts'
import { documentFields, termNumber, type TermField } from '#shared/domain/fields.ts'
import type { Connection } from '../storage/sqlite.ts'
import { eventsWithTerm } from '../vectors/events-with-term.ts'
import type { ControlEvent } from './judgement.ts'

const CONTROL = ['StopLogging', 'StartLogging', 'UpdateTrail', 'DeleteTrail', 'CreateTrail', 'PutEventSelectors']

/** The events of a case that start, stop or change a trail, in the order of their numbers. */
export async function controlEvents(reader: Connection): Promise<ControlEvent[]> {
  const name = termNumber('eventName')
  const terms = await reader.all<{ id: number }>(
    `select id from term where field = ${name} and text in (${CONTROL.map((c) => `'${c}'`).join(',')})`,
  )
  // Read from the vector: going through the rows of all events takes seconds in a large case, for a few of them.
  const events = await eventsWithTerm(reader, 'eventName', new Set(terms.map((term) => term.id)))
  const termText = (field: TermField) =>
    `(select text from term where field = ${termNumber(field)} and id = e.t${termNumber(field)})`
  const found: ControlEvent[] = []
  for (let first = 0; first < events.length; first += EVENTS) {
    const rows = await reader.all<ControlRow>(
      `select e.time_ms as time, ${termText('account')} as account, ${termText('awsRegion')} as region, ${termText('eventName')} as name,
              (select case when json_valid(json) then coalesce(json ->> 'name', json ->> 'trailName') end from document where id = e.d${documentFields.indexOf('requestParameters')}) as trail
       from event e where e.id in (${events.slice(first, first + EVENTS).join(',')}) and e.time_ms is not null and ${termText('eventSource')} like 'cloudtrail.%'`,
    )
    for (const row of rows) found.push(toControlEvent(row))
  }
  return found
}

/** Events asked for at a time. */
const EVENTS = 1000

type ControlRow = {
  readonly time: number
  readonly account: string | null
  readonly region: string | null
  readonly name: string
  readonly trail: string | null
}

const toControlEvent = (row: ControlRow): ControlEvent => ({
  time: utcMs(row.time),
  account: row.account ?? '',
  region: row.region ?? '',
  name: row.name,
  ...(row.trail === null ? {} : { trail: row.trail }),
})
