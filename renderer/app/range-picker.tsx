import { utcMs } from '#shared/base/time.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { DateTimeRange, type RangePreset } from '#renderer/ui/date-time-range.tsx'
import type { TimeRange } from '#renderer/ui/time-axis.ts'
import { useZone } from '#renderer/client/use-zone.ts'

const HOUR = 3_600_000
const LAST = [
  { id: 'hour', label: 'Last hour of the evidence', ms: HOUR },
  { id: 'six', label: 'Last 6 hours of the evidence', ms: 6 * HOUR },
  { id: 'day', label: 'Last 24 hours of the evidence', ms: 24 * HOUR },
  { id: 'week', label: 'Last 7 days of the evidence', ms: 7 * 24 * HOUR },
]

/** The span of time that is asked for. Its lists count from the last event, never from the clock of this machine. */
export function RangePicker() {
  const { firstEventMs, lastEventMs } = useOpenCase()
  const { from, to } = useWorkspace((w) => w.view.query)
  const ask = useWorkspace((w) => w.ask)
  const zone = useZone()
  // The end is not part of a range: the next full second takes in the last event.
  const end = (Math.floor((lastEventMs ?? 0) / 1000) + 1) * 1000
  const start = firstEventMs ?? 0
  const value =
    from === undefined && to === undefined
      ? undefined
      : { from: from ?? start, to: to ?? Math.max(end, (from ?? start) + 1) }
  return (
    <DateTimeRange
      label="Range"
      value={value}
      zone={zone}
      presets={
        lastEventMs === null
          ? []
          : LAST.map(({ id, label, ms }): RangePreset => ({ id, label, range: { from: end - ms, to: end } }))
      }
      onChange={(range: TimeRange | undefined) =>
        ask({ from: range && utcMs(range.from), to: range && utcMs(range.to) })
      }
    />
  )
}
