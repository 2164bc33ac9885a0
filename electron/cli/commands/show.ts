import type { Command } from 'commander'
import { visible } from '#shared/base/visible.ts'
import type { EventDetails } from '#shared/contract/events.ts'
import { restoreDashes } from '../arguments.ts'
import { findEvents } from '../find-event.ts'
import type { Cli } from '../cli.ts'
import { withCase } from '../session.ts'
import type { Terminal } from '../terminal.ts'
import { tableLines } from '../text.ts'

export function addShow(program: Command, { terminal }: Cli): void {
  program
    .command('show')
    .description('one event; --raw writes the exact original bytes of the record')
    .argument('<case>', 'the case file')
    .argument('<eventID>', "the eventID, or # and the event's number in the case (_id)")
    .option('--raw', 'the exact bytes, nothing else')
    .option('--json', 'one JSON value on stdout')
    .action((path: string, typed: string, options: { raw?: true; json?: true }) =>
      withCase(terminal, path, undefined, async (session, caseId) => {
        const [id, ...others] = await findEvents(session, caseId, restoreDashes(typed))
        const event = await session.ask('events.get', { caseId, id })
        if (others.length > 0)
          terminal.say(
            `${others.length + 1} records with this eventID say different things. This is #${id}; also: ${others.map((other) => `#${other}`).join(', ')}.`,
          )
        if (options.raw) return writeRaw(terminal, Buffer.from(event.rawBase64, 'base64'))
        if (options.json) return terminal.write(`${eventJson(event)}\n`)
        for (const line of eventLines(event)) await terminal.line(line)
      }),
    )
}

/** On a terminal the bytes could drive it: hidden characters are shown there. Files and pipes get the exact bytes. */
function writeRaw(terminal: Terminal, raw: Buffer): Promise<void> {
  if (terminal.width === undefined) return terminal.write(raw)
  terminal.say('Hidden characters are shown as \\u{…}. Send the output to a file for the exact bytes.')
  return terminal.write(`${raw.toString('utf8').split('\n').map(visible).join('\n')}\n`)
}

/** The record with CloudTrail's own names, and what the case knows about it under names with `_`. */
function eventJson(event: EventDetails): string {
  const first = event.places[0]
  const known = JSON.stringify({
    _id: event.row.id,
    _source: first?.path ?? null,
    _record: first?.ordinal ?? null,
    _integrity: event.row.integrity,
    _tags: event.row.tags,
    _bookmark: event.row.exhibit,
    _occurrences: event.row.occurrences,
    _recordSha256: event.recordSha256,
    _places: event.places,
    _conflicts: event.conflicts,
    _notes: event.flagWords,
  })
  // Put together as text, so that numbers and duplicate keys stay as they were written.
  const record = event.json.trim().slice(0, -1).trimEnd()
  return `${record}${record === '{' ? '' : ','}${known.slice(1)}`
}

function eventLines(event: EventDetails): string[] {
  const { row, places } = event
  return [
    ...tableLines([
      ['event', `#${row.id}  ${event.eventID}`],
      ['integrity', row.integrity],
      ['record SHA-256', event.recordSha256],
      ...event.flagWords.map((words) => ['note', `this record ${words}`]),
      ...event.conflicts.map((id) => ['conflict', `#${id} has the same eventID and says something else`]),
      ...places.map((p) => [
        'stands in',
        `${p.path}, record ${p.ordinal}, bytes ${p.offset} to ${p.offset + p.length} of the inflated file`,
      ]),
      ...places.map((p) => ['file SHA-256', p.fileSha256]),
    ]),
    '',
    ...prettyLines(event.json),
  ]
}

/** The record with one member per line. Numbers beyond 2^53 would change in parsing, so such a record stays as it is. */
function prettyLines(json: string): string[] {
  if (/\d{16}/.test(json)) {
    const value: unknown = JSON.parse(json)
    if (JSON.stringify(value) !== json.trim()) return json.split('\n')
  }
  return JSON.stringify(JSON.parse(json), null, 2).split('\n')
}
