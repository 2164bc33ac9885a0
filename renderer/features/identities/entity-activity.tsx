import { useMemo, useState } from 'react'
import { utcMs } from '#shared/base/time.ts'
import { narrowed } from '#renderer/client/use-events-of.ts'
import { outcomeTokens, useOutcomes } from '#renderer/client/use-outcomes.ts'
import { useCaseExtent, useTimeView } from '#renderer/client/use-time-view.ts'
import { useZone } from '#renderer/client/use-zone.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'
import { Histogram } from '#renderer/ui/histogram/histogram.tsx'
import type { YScale } from '#renderer/ui/histogram/histogram-model.ts'
import type { TimeRange } from '#renderer/ui/time-axis.ts'
import css from './identities.module.css'

/** Its events over the time of the whole case, so that pages compare. Zooming changes the range of the query. */
export function EntityActivity({ where }: { readonly where: string }) {
  const extent = useCaseExtent()
  return (
    extent && (
      <div className={css['activity']}>
        <Chart where={where} extent={extent} />
      </div>
    )
  )
}

function Chart({ where, extent }: { readonly where: string; readonly extent: TimeRange }) {
  const query = useWorkspace((w) => w.view.query)
  const zone = useZone()
  const [scale, setScale] = useState<YScale>('linear')
  const [view, move] = useTimeView(extent)
  const its = useMemo(
    () => ({
      ...narrowed(query, where),
      from: query.from ?? utcMs(extent.from),
      to: query.to ?? utcMs(extent.to),
    }),
    [query, where, extent],
  )
  const data = useOutcomes(its)
  return (
    data && (
      <Histogram
        label="Its events over time by outcome"
        unit="event"
        data={data}
        view={view}
        extent={extent}
        onView={move}
        scale={scale}
        onScale={setScale}
        zone={zone}
        seriesTokens={outcomeTokens}
      />
    )
  )
}
