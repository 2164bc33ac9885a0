import { utcMs } from '#shared/base/time.ts'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useZone } from '#renderer/client/use-zone.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { DateTimeRange } from '#renderer/ui/date-time-range.tsx'
import type { TimeRange } from '#renderer/ui/time-axis.ts'
import { quickRanges } from './quick-ranges.ts'

/** The span of time that is asked for: typed exactly, or taken from a list of quick ranges. */
export function RangePicker() {
  const { caseId, firstEventMs, lastEventMs } = useOpenCase()
  const { from, to } = useWorkspace((w) => w.view.query)
  const event = useWorkspace((w) => w.view.event)
  const ask = useWorkspace((w) => w.ask)
  const zone = useZone()
  // The details ask the same: it is answered once.
  const details = useAsk('events.get', event === null ? null : { caseId, id: event }, { keepsPrevious: false }).value
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
      presets={quickRanges({
        selected: event === null ? undefined : (details?.row.timeMs ?? undefined),
        range: value,
        end: lastEventMs === null ? undefined : end,
      })}
      onChange={(range: TimeRange | undefined) =>
        ask({ from: range && utcMs(Math.round(range.from)), to: range && utcMs(Math.round(range.to)) })
      }
    />
  )
}
