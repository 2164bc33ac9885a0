import { useState } from 'react'
import { counted } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import { timeText } from '#shared/base/zone.ts'
import type { Overview } from '#shared/contract/explore.ts'
import { useEventsOf } from '#renderer/client/use-events-of.ts'
import { outcomeTokens, useOutcomes } from '#renderer/client/use-outcomes.ts'
import { useCaseExtent, useTimeView } from '#renderer/client/use-time-view.ts'
import { useZone } from '#renderer/client/use-zone.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'
import { Histogram } from '#renderer/ui/histogram/histogram.tsx'
import type { YScale } from '#renderer/ui/histogram/histogram-model.ts'
import type { TimeRange } from '#renderer/ui/time-axis.ts'
import css from './overview.module.css'

const HOUR = 3_600_000

/** Events over time by outcome, and the hours that stand out. Zooming changes the range of the query. */
export function Activity({ overview }: { readonly overview: Overview }) {
  const extent = useCaseExtent()
  return (
    extent && (
      <div className={css['activity']}>
        <div className={css['chart']}>
          <Chart extent={extent} />
        </div>
        <Hours overview={overview} />
      </div>
    )
  )
}

function Chart({ extent }: { readonly extent: TimeRange }) {
  const query = useWorkspace((w) => w.view.query)
  const zone = useZone()
  const [scale, setScale] = useState<YScale>('linear')
  const [view, move] = useTimeView(extent)
  const data = useOutcomes(query)
  return (
    data && (
      <Histogram
        label="Events over time by outcome"
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

function Hours({ overview: { busiest, strangest, deniedSpikes } }: { readonly overview: Overview }) {
  const zone = useZone()
  const show = useEventsOf()
  const marks = [
    ...(busiest
      ? [{ id: 'busiest', name: 'Busiest hour', what: counted(busiest.count, 'event'), where: '', ...busiest }]
      : []),
    ...(strangest
      ? [
          {
            id: 'strangest',
            name: 'Strangest hour',
            what: counted(strangest.count, 'first call'),
            where: '',
            ...strangest,
          },
        ]
      : []),
    ...deniedSpikes.slice(0, 3).map((spike) => ({
      id: `denied-${spike.fromMs}`,
      name: 'Denied',
      what: counted(spike.count, 'refusal'),
      where: 'access:denied',
      ...spike,
    })),
  ]
  return (
    <ul className={css['hours']} aria-label="Hours that stand out">
      {marks.map((mark) => (
        <li key={mark.id}>
          <button
            type="button"
            className={css['hour']}
            onClick={() => show(mark.where, { fromMs: mark.fromMs, toMs: mark.fromMs + HOUR })}
            title={`${mark.id === 'strangest' ? 'Calls that their caller had never made before. ' : ''}${mark.who === null ? '' : `Most by ${visible(mark.who)}`}`}
          >
            <span className={css['hourName']}>{mark.name}</span>
            <time>{timeText(mark.fromMs, zone).replace(/:00(?=Z|$)/, '')}</time>
            <span className={mark.where === '' ? css['quiet'] : css['denied']}>{mark.what}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}
