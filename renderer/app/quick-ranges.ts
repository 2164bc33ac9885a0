import type { RangePreset } from '#renderer/ui/date-time-range.tsx'
import type { TimeRange } from '#renderer/ui/time-axis.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const LAST = [
  { id: 'hour', label: 'Last hour of the evidence', ms: HOUR },
  { id: 'six', label: 'Last 6 hours of the evidence', ms: 6 * HOUR },
  { id: 'day', label: 'Last 24 hours of the evidence', ms: 24 * HOUR },
  { id: 'week', label: 'Last 7 days of the evidence', ms: 7 * 24 * HOUR },
]

const AROUND = [
  { id: 'around-5', label: '5 minutes around the selected event', ms: 5 * MINUTE },
  { id: 'around-60', label: '1 hour around the selected event', ms: HOUR },
  { id: 'around-day', label: '24 hours around the selected event', ms: 24 * HOUR },
]

/** Times in ms UTC; `end` of the evidence and of ranges is not part of them. */
export type RangeFacts = {
  readonly selected: number | undefined
  readonly range: TimeRange | undefined
  readonly end: number | undefined
}

/**
 * Ranges at one press: before and after the selected event, as long before and after the present range, and the last part of
 * the evidence. They count from what is in the case, never from the clock of this machine.
 */
export function quickRanges({ selected, range, end }: RangeFacts): readonly RangePreset[] {
  const presets: RangePreset[] = []
  if (selected !== undefined)
    for (const { id, label, ms } of AROUND)
      presets.push({ id, label, range: { from: selected - ms, to: selected + ms + 1 } })
  if (range) {
    const { from, to } = range
    const long = to - from
    presets.push(
      { id: 'before', label: 'As long a time before', range: { from: from - long, to: from } },
      { id: 'after', label: 'As long a time after', range: { from: to, to: to + long } },
      { id: 'wider', label: 'Twice as wide', range: { from: from - long / 2, to: to + long / 2 } },
    )
  }
  if (end !== undefined)
    for (const { id, label, ms } of LAST) presets.push({ id, label, range: { from: end - ms, to: end } })
  return presets
}
