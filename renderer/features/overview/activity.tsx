import { useMemo, useState } from 'react'
import { counted } from '#shared/base/count.ts'
import { utcMs } from '#shared/base/time.ts'
import { visible } from '#shared/base/visible.ts'
import type { Overview } from '#shared/contract/explore.ts'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useEventsOf } from '#renderer/client/use-events-of.ts'
import { useZone } from '#renderer/client/use-zone.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { Histogram } from '#renderer/ui/histogram/histogram.tsx'
import type { YScale } from '#renderer/ui/histogram/histogram-model.ts'
import { timeText } from '#shared/base/zone.ts'
import css from './overview.module.css'

const HOUR = 3_600_000
/** Grey for what went well: colour is for what did not. */
const TOKENS = { ok: '--series-rest', denied: '--denied', failed: '--series-8', none: '--series-7' }

/** Events over time by outcome, and the hours that stand out. Zooming changes the range of the query. */
export function Activity({ overview }: { readonly overview: Overview }) {
  const open = useOpenCase()
  const query = useWorkspace((w) => w.view.query)
  const ask = useWorkspace((w) => w.ask)
  const zone = useZone()
  const [scale, setScale] = useState<YScale>('linear')
  const histogram = useAsk('events.histogram', {
    caseId: open.caseId,
    query,
    buckets: 180,
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
  const [from, to] = [open.firstEventMs, open.lastEventMs]
  if (from === null || to === null) return null
  const extent = { from, to: to + 1000 }
  return (
    <div className={css['activity']}>
      <div className={css['chart']}>
        {data && (
          <Histogram
            label="Events over time by outcome"
            unit="event"
            data={data}
            view={{ from: query.from ?? extent.from, to: query.to ?? extent.to }}
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
      <Hours overview={overview} />
    </div>
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
