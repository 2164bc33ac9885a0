import { createHash } from 'node:crypto'
import { utcMs } from '#shared/base/time.ts'
import { visible } from '#shared/base/visible.ts'
import type { EventVerdict, LogVerdict } from '#shared/domain/integrity.ts'
import { inflateFirstMember } from '../intake/inflate.ts'
import { defaultLimits } from '../intake/limits.ts'
import type { OpenCase } from '../open-case.ts'
import { readEvent } from '../queries/event-details.ts'
import { readOriginal } from '../queries/read-original.ts'
import { Refusal } from '../refusal.ts'
import type { Connection } from '../storage/sqlite.ts'
import { integrityOf } from './case-integrity.ts'
import { eventVerdictOf, eventWord } from './event-verdict.ts'
import { gatherForFile, type ForFile } from './gather-for-file.ts'
import type { JudgedCase } from './judge-case.ts'
import { judge } from './judge.ts'
import type { Judgement } from './judgement.ts'
import { notProven, proofCard, proofPath, type CardRecord, type ProofCard } from './proof-card.ts'
import type { Told } from './read-proofs.ts'

/** An event by its number in the case, or a file by its number in the ledger. */
export type ProofSubject = { readonly event: number } | { readonly entry: number }

export type MadeCard =
  | {
      readonly kind: 'card'
      readonly card: ProofCard
      readonly exhibit: string | null
      readonly verdict: EventVerdict
    }
  | { readonly kind: 'unproven'; readonly why: string; readonly verdict: EventVerdict }

/**
 * Makes the proof card of an event or a file from the originals of the case. Where an event was delivered several times,
 * the card is about the first proven delivery. A file whose verdict is kept is proven from the digests of its own account and
 * region: judging a large case for one card would take many times as long.
 * @throws Refusal `not-found`, `cancelled`
 */
export async function makeProofCard(
  open: OpenCase,
  of: ProofSubject,
  signal: AbortSignal,
  told: Told = () => undefined,
): Promise<MadeCard> {
  const integrity = integrityOf(open)
  const judged = (await integrity.isCurrent()) ? undefined : await integrity.whole(signal, told)
  const known = judged ? verdictsOf(judged) : keptVerdicts(open.file.reader)
  const subject = await ('event' in of ? subjectOfEvent(open, of.event, known) : subjectOfFile(open, of.entry, known))
  if (!subject.verdict) return { kind: 'unproven', why: NOT_JUDGED, verdict: 'none' }
  const { log, event } = subject.verdict
  if (event !== 'proven') return { kind: 'unproven', why: notProven(log), verdict: event }
  if (!judged) {
    const part = await gatherForFile(open.file.reader, subject.entry, signal, told)
    if (part === 'not-a-log') return vouchedForByLake(subject.verdict)
    const made = part && (await cardOf(open, subject, { judgement: judge(part.inventory), ...part }))
    if (made?.kind === 'card') return made
  }
  const { judgement, gathered } = judged ?? (await integrity.whole(signal, told))
  return (await cardOf(open, subject, { judgement, ...gathered })) ?? vouchedForByLake(subject.verdict)
}

const NOT_JUDGED =
  'There is no proof to print: digests speak about log files that a trail delivered, and this comes from another kind of file.'

const vouchedForByLake = ({ detail, event }: FileVerdict): MadeCard => ({
  kind: 'unproven',
  why: `There is no card for it: its file is a saved result of CloudTrail Lake, and no digest lists it. The sign file ${visible(detail)} names its hash and carries the signature, which proves it.`,
  verdict: event,
})

/** Judged evidence: of the whole case, or of the part that concerns one file. */
type Evidence = ForFile & {
  readonly judgement: Judgement
  readonly logCopies?: ReadonlyMap<number, readonly number[]>
}

/** The card of a log file; `undefined` when it is none. */
async function cardOf(open: OpenCase, subject: Subject, evidence: Evidence): Promise<MadeCard | undefined> {
  const { judgement, digestRows, inventory } = evidence
  const log = judgement.logs.find((one) => one.kind !== 'missing' && isOf(one.fileId, subject.entry, evidence))
  if (!log) return undefined
  const bytes = new Map<number, Uint8Array>()
  for (const index of proofPath(judgement, log)) {
    const { sha256 } = judgement.digests[index]!
    const row = digestRows[inventory.digests.findIndex((digest) => digest.sha256 === sha256)]
    if (row)
      bytes.set(index, inflateFirstMember(await readOriginal(open.file.reader, row.original), defaultLimits).bytes)
  }
  const { record, exhibit } = subject
  const now = utcMs(open.setting.now())
  const made = proofCard({ judgement, log, record, digestBytes: (n) => bytes.get(n), keys: inventory.keys, now })
  const verdict = eventVerdictOf(log)
  if (made.ok) return { kind: 'card', card: made.value, exhibit, verdict }
  if (made.code === 'DIGEST_CHANGED') throw new Refusal('damaged', made.message)
  return { kind: 'unproven', why: made.message, verdict }
}

/** Whether a judged file is the one of this entry, or the entry a copy of it. */
const isOf = (fileId: number, entry: number, { logCopies }: Evidence): boolean =>
  fileId === entry || logCopies?.get(fileId)?.includes(entry) === true

/** The verdict of a file by its own content and name, the word of its events, and how or why: for a saved Lake result its sign file. */
type FileVerdict = { readonly log: LogVerdict; readonly event: EventVerdict; readonly detail: string }
/** The verdicts of some files; none for a file that is no log file. */
type Verdicts = (entries: readonly number[]) => Promise<ReadonlyMap<number, FileVerdict>>

const verdictsOf =
  ({ judgement, gathered, lake }: JudgedCase): Verdicts =>
  (entries) => {
    const wanted = new Set(entries)
    const found = new Map<number, FileVerdict>()
    for (const { entry, verdict, event, sign } of lake.verdicts)
      if (wanted.has(entry)) found.set(entry, { log: verdict, event, detail: sign })
    for (const log of judgement.logs) {
      if (log.kind === 'missing') continue
      for (const entry of [log.fileId, ...(gathered.logCopies.get(log.fileId) ?? [])])
        if (wanted.has(entry)) found.set(entry, { log: log.verdict, event: eventVerdictOf(log), detail: '' })
    }
    return Promise.resolve(found)
  }

const keptVerdicts =
  (reader: Connection): Verdicts =>
  async (entries) => {
    const rows = await reader.all<{ entry: number; verdict: LogVerdict; detail: string }>(
      'select entry, verdict, detail from entry_verdict where entry in (select value from json_each(?))',
      [JSON.stringify(entries)],
    )
    return new Map(
      rows.map(({ entry, verdict, detail }) => [entry, { log: verdict, event: eventWord(verdict, detail), detail }]),
    )
  }

type Subject = {
  readonly entry: number
  readonly verdict: FileVerdict | undefined
  readonly record: CardRecord | null
  readonly exhibit: string | null
}

async function subjectOfFile(open: OpenCase, entry: number, known: Verdicts): Promise<Subject> {
  const there = await open.file.reader.get('select 1 from entry where id = ?', [entry])
  if (!there) throw new Refusal('not-found', 'There is no such file in this case.')
  return { entry, verdict: (await known([entry])).get(entry), record: null, exhibit: null }
}

async function subjectOfEvent(open: OpenCase, event: number, known: Verdicts): Promise<Subject> {
  const { index } = await open.world()
  if (event > index.length) throw new Refusal('not-found', 'There is no such event in this case.')
  const { eventID, places } = await readEvent(open.file.reader, open.inflated, event)
  const verdicts = await known(places.map((place) => place.entry))
  const proven = places.find((place) => verdicts.get(place.entry)?.event === 'proven')
  const place = proven ?? places.find((one) => verdicts.has(one.entry)) ?? places[0]!
  const inflated = await open.inflated.of(place.entry)
  const raw = inflated.subarray(place.offset, place.offset + place.length)
  return {
    entry: place.entry,
    verdict: verdicts.get(place.entry),
    record: {
      eventID,
      sha256: createHash('sha256').update(raw).digest('hex'),
      offset: place.offset,
      length: place.length,
    },
    exhibit: open.annotated.exhibitOf(event),
  }
}
