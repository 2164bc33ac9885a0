import { createHash } from 'node:crypto'
import { utcMs } from '#shared/base/time.ts'
import type { EventVerdict } from '#shared/domain/integrity.ts'
import { inflateFirstMember } from '../intake/inflate.ts'
import { defaultLimits } from '../intake/limits.ts'
import type { OpenCase } from '../open-case.ts'
import { readEvent } from '../queries/event-details.ts'
import { readOriginal } from '../queries/read-original.ts'
import { Refusal } from '../refusal.ts'
import { integrityOf } from './case-integrity.ts'
import { eventVerdictOf } from './event-verdict.ts'
import type { Told } from './gather-inventory.ts'
import type { JudgedCase } from './judge-case.ts'
import type { LogJudgement } from './judgement.ts'
import { proofCard, proofPath, type CardRecord, type ProofCard } from './proof-card.ts'

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
 * the card is about the first proven delivery. @throws Refusal `not-found`, `cancelled`
 */
export async function makeProofCard(
  open: OpenCase,
  of: ProofSubject,
  signal: AbortSignal,
  told?: Told,
): Promise<MadeCard> {
  const judged = await integrityOf(open).whole(signal, told)
  const { log, record, exhibit } = await ('event' in of
    ? subjectOfEvent(open, of.event, judged)
    : subjectOfFile(open, of.entry, judged))
  if (!log) return { kind: 'unproven', why: NOT_JUDGED, verdict: 'none' }
  const verdict = eventVerdictOf(log)
  const { judgement, gathered } = judged
  const bytes = new Map<number, Uint8Array>()
  for (const index of proofPath(judgement, log)) {
    const original = gathered.digestOriginals.get(judgement.digests[index]!.sha256)
    if (original !== undefined)
      bytes.set(index, inflateFirstMember(await readOriginal(open.file.reader, original), defaultLimits).bytes)
  }
  const made = proofCard({
    judgement,
    log,
    record,
    digestBytes: (index) => bytes.get(index),
    keys: gathered.inventory.keys,
    now: utcMs(open.setting.now()),
  })
  if (made.ok) return { kind: 'card', card: made.value, exhibit, verdict }
  if (made.code === 'DIGEST_CHANGED') throw new Refusal('damaged', made.message)
  return { kind: 'unproven', why: made.message, verdict }
}

const NOT_JUDGED =
  'There is no proof to print: digests speak about log files that a trail delivered, and this comes from another kind of file.'

type Subject = {
  readonly log: LogJudgement | undefined
  readonly record: CardRecord | null
  readonly exhibit: string | null
}

async function subjectOfFile(open: OpenCase, entry: number, judged: JudgedCase): Promise<Subject> {
  const there = await open.file.reader.get('select 1 from entry where id = ?', [entry])
  if (!there) throw new Refusal('not-found', 'There is no such file in this case.')
  return { log: logsByEntry(judged).get(entry), record: null, exhibit: null }
}

async function subjectOfEvent(open: OpenCase, event: number, judged: JudgedCase): Promise<Subject> {
  const { index } = await open.world()
  if (event > index.length) throw new Refusal('not-found', 'There is no such event in this case.')
  const { eventID, places } = await readEvent(open.file.reader, open.inflated, event)
  const logs = logsByEntry(judged)
  const proven = places.find((place) => {
    const log = logs.get(place.entry)
    return log !== undefined && eventVerdictOf(log) === 'proven'
  })
  const place = proven ?? places.find((one) => logs.has(one.entry)) ?? places[0]!
  const inflated = await open.inflated.of(place.entry)
  const raw = inflated.subarray(place.offset, place.offset + place.length)
  return {
    log: logs.get(place.entry),
    record: {
      eventID,
      sha256: createHash('sha256').update(raw).digest('hex'),
      offset: place.offset,
      length: place.length,
    },
    exhibit: open.annotated.exhibitOf(event),
  }
}

const known = new WeakMap<JudgedCase, ReadonlyMap<number, LogJudgement>>()

/** The judgement of each file by its number in the ledger; copies share one. */
function logsByEntry(judged: JudgedCase): ReadonlyMap<number, LogJudgement> {
  const before = known.get(judged)
  if (before) return before
  const logs = new Map<number, LogJudgement>()
  for (const log of judged.judgement.logs) {
    if (log.kind === 'missing') continue
    for (const entry of [log.fileId, ...(judged.gathered.logCopies.get(log.fileId) ?? [])]) logs.set(entry, log)
  }
  known.set(judged, logs)
  return logs
}
