import { useMemo, useState } from 'react'
import { utcMs } from '#shared/base/time.ts'
import { useAsk } from '#renderer/client/use-ask.ts'
import { narrowed } from '#renderer/client/use-events-of.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { Histogram } from '#renderer/ui/histogram/histogram.tsx'
import type { YScale } from '#renderer/ui/histogram/histogram-model.ts'
import { useZone } from '#renderer/client/use-zone.ts'
import css from './identities.module.css'

const TOKENS = { ok: '--series-rest', denied: '--denied', failed: '--series-8', none: '--series-7' }

/** Its events over the time of the whole case, so that pages compare. Zooming changes the range of the query. */
export function EntityActivity({ where }: { readonly where: string }) {
  const open = useOpenCase()
  const query = useWorkspace((w) => w.view.query)
  const ask = useWorkspace((w) => w.ask)
  const zone = useZone()
  const [scale, setScale] = useState<YScale>('linear')
  const [first, last] = [open.firstEventMs, open.lastEventMs]
  const from = query.from ?? first
  const to = query.to ?? (last === null ? null : last + 1000)
  const asked = { ...narrowed(query, where), ...(from !== null && to !== null && { from: utcMs(from), to: utcMs(to) }) }
  const histogram = useAsk('events.histogram', {
    caseId: open.caseId,
    query: asked,
    buckets: 200,
    stackBy: 'access',
    stacks: 4,
  }).value
  const data = useMemo(
    () =>
      histogram && {
        from: histogram.startMs,
        bucketMs: histogram.bucketMs,
        buckets: Math.max(1, ...histogram.series.map((s) => s.counts.length)),
        series: histogram.series.map(({ label, counts }) => ({
          id: label ?? 'none',
          label: label === 'none' || label === null ? 'no outcome' : label,
          counts,
        })),
      },
    [histogram],
  )
  if (first === null || last === null || from === null || to === null) return null
  const extent = { from: first, to: last + 1000 }
  return (
    <div className={css['activity']}>
      {data && (
        <Histogram
          label="Its events over time by outcome"
          unit="event"
          data={data}
          view={{ from, to }}
          extent={extent}
          onView={(view) => {
            const whole = view.from <= extent.from && view.to >= extent.to
            ask({
              from: whole ? undefined : utcMs(Math.round(view.from)),
              to: whole ? undefined : utcMs(Math.round(view.to)),
            })
          }}
          scale={scale}
          onScale={setScale}
          zone={zone}
          seriesTokens={TOKENS}
        />
      )}
    </div>
  )
}
