import type { Command } from 'commander'
import type { BookmarkShown } from '#shared/contract/annotations.ts'
import type { CaseId } from '#shared/contract/common.ts'
import { restoreDashes } from '../arguments.ts'
import { CliFailure } from '../failure.ts'
import { findEvent } from '../find-event.ts'
import type { Cli } from '../cli.ts'
import { requireExaminer, withCase, type Session } from '../session.ts'
import { iso, isoOrNull, tableLines } from '../text.ts'

type Options = { note?: string; title?: string; remove?: true; examiner?: string; json?: true }

export function addBookmark(program: Command, { terminal }: Cli): void {
  program
    .command('bookmark')
    .description('bookmark evidence, which gives it an exhibit number; change or remove a bookmark')
    .argument('<case>', 'the case file')
    .argument('<eventID>', "the eventID, or # and the event's number in the case, or an exhibit number")
    .option('--note <text>', 'the note; replaces the one before')
    .option('--title <text>', 'the title; replaces the one before')
    .option('--remove', 'remove the bookmark; its exhibit number is never given again')
    .option('--examiner <name>', 'who works on the case (or TRAILCASE_EXAMINER)')
    .option('--json', 'one JSON value on stdout')
    .action(async (path: string, typed: string, options: Options) => {
      const examiner = requireExaminer(terminal, options.examiner)
      await withCase(terminal, path, examiner, async (session, caseId) => {
        const place = await findPlace(session, caseId, restoreDashes(typed))
        if (options.remove) {
          if (place.exhibit === undefined)
            throw new CliFailure(
              'not-found',
              `There is no bookmark on ${typed}. See them with: trailcase bookmarks CASE`,
            )
          const { removed } = await session.ask('bookmarks.remove', { caseId, exhibit: place.exhibit })
          return options.json
            ? terminal.json({ exhibit: place.exhibit, removed })
            : terminal.line(`Removed the bookmark ${place.exhibit}.`)
        }
        const { note, title } = options
        const bookmark = await session.ask('bookmarks.set', {
          caseId,
          ...(place.exhibit === undefined ? { event: place.event } : { exhibit: place.exhibit }),
          ...(note !== undefined && { note: restoreDashes(note) }),
          ...(title !== undefined && { title: restoreDashes(title) }),
        })
        return options.json
          ? terminal.json(bookmarkDocument(bookmark))
          : terminal.line(`${bookmark.exhibit}: ${bookmark.eventID} ${bookmark.title}`.trimEnd())
      })
    })
}

type Place =
  { readonly event: number; readonly exhibit?: string } | { readonly event?: undefined; readonly exhibit: string }

/** The event that is meant, with its exhibit number where it has one. */
async function findPlace(session: Session, caseId: CaseId, typed: string): Promise<Place> {
  const { bookmarks } = await session.ask('annotations.state', { caseId })
  if (bookmarks.some((one) => one.exhibit === typed)) return { exhibit: typed }
  const event = await findEvent(session, caseId, typed)
  const known = bookmarks.find((one) => one.event?.id === event)
  return known ? { event, exhibit: known.exhibit } : { event }
}

export function addBookmarks(program: Command, { terminal }: Cli): void {
  program
    .command('bookmarks')
    .description('list the bookmarks of a case')
    .argument('<case>', 'the case file')
    .option('--json', 'one JSON value on stdout')
    .action((path: string, options: { json?: true }) =>
      withCase(terminal, path, undefined, async (session, caseId) => {
        const { bookmarks } = await session.ask('annotations.state', { caseId })
        if (options.json) return terminal.json({ bookmarks: bookmarks.map(bookmarkDocument) })
        const rows = bookmarks.map((b) => [
          b.exhibit,
          isoOrNull(b.event?.timeMs ?? null) ?? '-',
          b.event?.eventName ?? '-',
          b.eventID,
          b.title,
          b.note,
        ])
        for (const line of tableLines(
          [['exhibit', 'time', 'event', 'eventID', 'title', 'note'], ...rows],
          terminal.width,
        ))
          await terminal.line(line)
      }),
    )
}

/** A bookmark as JSON: times as text. */
function bookmarkDocument({ atMs, event, ...rest }: BookmarkShown): Readonly<Record<string, unknown>> {
  const { timeMs, ...shown } = event ?? { timeMs: null }
  return { ...rest, at: iso(atMs), event: event === null ? null : { ...shown, eventTime: isoOrNull(timeMs) } }
}
