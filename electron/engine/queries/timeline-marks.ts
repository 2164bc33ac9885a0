import type { Bitmap } from '../vectors/bitmap.ts'
import type { EventIndex } from '../vectors/event-index.ts'
import { countIds, countValues } from './count-events.ts'
import type { FacetVector } from './facet-vector.ts'
import { firstPositions, lastPositions } from './value-edges.ts'

export type CredentialKind = 'console' | 'session' | 'key'
export type Credential = {
  readonly id: number
  readonly credential: string
  readonly kind: CredentialKind
  readonly lane: number
  readonly first: number
  readonly last: number
  readonly events: number
}

/** AWS IAM identifiers: temporary access key ids begin with ASIA, long-lived ones with AKIA. */
const kindOf = (credential: string, fromConsole: boolean): CredentialKind =>
  fromConsole ? 'console' : credential.startsWith('ASIA') ? 'session' : 'key'

export type CredentialFields = {
  /** Access key ids. */
  readonly keys: FacetVector
  /** The events whose session came from a console login. */
  readonly fromConsole: Bitmap
  /** The lane of an event; below 0 for one that stands in none. */
  readonly laneAt: (position: number) => number
}

/** Each access key of the set whose first event stands in a drawn lane, from its first to its last event; most events first. */
export function credentialsOf(
  index: EventIndex,
  events: Bitmap,
  { keys, fromConsole, laneAt }: CredentialFields,
): Credential[] {
  const counts = countValues(index, events, keys)
  const first = firstPositions(events, keys.vector, counts)
  const last = lastPositions(events, keys.vector, counts)
  const isConsole = countIds(events.and(fromConsole), keys.vector, counts.length)
  const found: Credential[] = []
  for (let id = 0; id < counts.length; id++) {
    const credential = keys.texts[id] ?? ''
    if (counts[id] === 0 || credential === '') continue
    const lane = laneAt(first[id]!)
    if (lane < 0) continue
    found.push({
      id,
      credential,
      kind: kindOf(credential, isConsole[id]! > 0),
      lane,
      first: first[id]!,
      last: last[id]!,
      events: counts[id]!,
    })
  }
  return found.sort((a, b) => b.events - a.events || a.id - b.id)
}

/** What an Insight event says of itself. */
export type InsightRow = {
  readonly event: number
  readonly timeMs: number
  readonly shared: string | null
  readonly state: string | null
  readonly eventSource: string | null
  readonly eventName: string | null
  readonly insightType: string | null
}

export type InsightSpan = Omit<InsightRow, 'timeMs' | 'shared' | 'state'> & {
  readonly startMs: number
  readonly endMs: number | null
}

/** Start and End records of one sharedEventID become one span (CloudTrail user guide, Insights events). Rows in time order. */
export function pairInsights(rows: readonly InsightRow[]): InsightSpan[] {
  const spans: { row: InsightRow; startMs: number; endMs: number | null }[] = []
  const open = new Map<string, number>()
  for (const row of rows) {
    const started = row.shared === null ? undefined : open.get(row.shared)
    if (row.state === 'End' && started !== undefined) {
      spans[started]!.endMs = row.timeMs
      continue
    }
    if (row.shared !== null && row.state === 'Start') open.set(row.shared, spans.length)
    // An end whose start is not in the range is a moment: its true length is not known here.
    spans.push({ row, startMs: row.timeMs, endMs: row.state === 'End' ? row.timeMs : null })
  }
  return spans.map(({ row: { event, eventSource, eventName, insightType }, startMs, endMs }) => ({
    event,
    eventSource,
    eventName,
    insightType,
    startMs,
    endMs,
  }))
}

/** A position -> lane by a field: the texts of the lanes in their order. */
export function laneLookup(
  { vector, texts }: FacetVector,
  lanes: readonly (string | null)[],
): (position: number) => number {
  const at = new Map(lanes.map((text, n) => [text, n]))
  const laneOf = Int32Array.from(texts, (text) => at.get(text) ?? -1)
  return (position) => laneOf[vector[position]!]!
}

/** A position -> lane by tag: the first of the lanes whose tag the event carries. */
export function tagLookup(
  tags: ReadonlyMap<string, Bitmap>,
  lanes: readonly (string | null)[],
): (position: number) => number {
  const maps = lanes.map((name) => (name === null ? undefined : tags.get(name)))
  return (position) => maps.findIndex((map) => map?.has(position) === true)
}

/** The moment of a position that is known to have one. */
export const momentOf = (index: EventIndex, position: number): number => index.timeAt(position) ?? 0
