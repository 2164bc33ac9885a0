import { useCallback, useMemo } from 'react'
import { counted } from '#shared/base/count.ts'
import { cutMiddle, visible } from '#shared/base/visible.ts'
import type { ChainLane } from '#shared/contract/integrity.ts'
import { gapKind } from '#renderer/client/coverage.ts'
import { Mark } from '#renderer/ui/mark.tsx'
import { EmptyState } from '#renderer/ui/states.tsx'
import { timeText, durationText, type Zone } from '#shared/base/zone.ts'
import type { MapView } from './coverage-panel.tsx'
import { spanAt, type Lane } from './lane-model.ts'
import { LaneMap, type LanePoint } from './lane-map.tsx'
import { kindWords } from './words.ts'
import { useZone } from '#renderer/client/use-zone.ts'
import css from './integrity.module.css'

const HOUR = 3_600_000

/** Each chain of digests as a lane, with its gaps named on the map and listed below it. */
export function ChainsPanel({ chains, view: shown, move }: MapView & { readonly chains: readonly ChainLane[] }) {
  const zone = useZone()
  const lanes = useMemo(() => chains.map(toLane), [chains])
  const extent = useMemo(
    () => ({ from: Math.min(...chains.map((c) => c.fromMs)), to: Math.max(...chains.map((c) => c.toMs)) }),
    [chains],
  )
  const tip = useCallback(
    ({ lane, time }: LanePoint) => {
      const chain = chains[lane]
      return chain && <ChainTip chain={chain} time={time} zone={zone} />
    },
    [chains, zone],
  )
  const gaps = useMemo(
    () =>
      chains.flatMap((chain) => chain.gaps.map((gap) => ({ chain, gap }))).sort((a, b) => a.gap.fromMs - b.gap.fromMs),
    [chains],
  )
  if (chains.length === 0)
    return (
      <EmptyState title="No digests in this evidence">
        Log file validation was off, or the CloudTrail-Digest folder was not copied. Without digests nothing can be
        proven about the log files.
      </EmptyState>
    )
  return (
    <div className={css['scroll']} tabIndex={0} role="region" aria-label="Chains">
      <LaneMap
        label={counted(chains.length, 'chain')}
        lanes={lanes}
        view={shown ?? extent}
        extent={extent}
        zone={zone}
        stepMs={HOUR}
        onView={move}
        tip={tip}
      />
      <h3 className={css['subTitle']}>
        {gaps.length === 0
          ? 'No chain has a gap'
          : `${counted(gaps.length, 'gap')} in ${counted(chains.length, 'chain')}`}
      </h3>
      <ul className={css['gaps']} aria-label="Gaps">
        {gaps.map(({ chain, gap }) => (
          <li key={`${nameOf(chain)} ${gap.fromMs}`}>
            <button type="button" onClick={() => move(around(gap.fromMs, gap.toMs, extent))}>
              <Mark kind={gapKind(gap.reason)} word={gap.says} />
              <span>
                {timeText(gap.fromMs, zone)} to {timeText(gap.toMs, zone)} ({durationText(gap.toMs - gap.fromMs)})
              </span>
              <span className={css['quiet']}>{visible(nameOf(chain))}</span>
            </button>
            <p className={css['quiet']}>{gap.means}</p>
            {gap.key !== '' && <code className={css['path']}>{visible(gap.key)}</code>}
            {gap.explainedBy.map((event) => (
              <p key={`${event.timeMs} ${event.name}`}>
                Explained by {visible(event.name)} at {timeText(event.timeMs, zone)}
                {event.trail !== null && ` on ${visible(event.trail)}`}
              </p>
            ))}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** The gap in the middle third, so that what stands beside it is seen. */
function around(from: number, to: number, extent: { readonly from: number; readonly to: number }) {
  const room = Math.max(HOUR, to - from)
  return { from: Math.max(extent.from, from - room), to: Math.min(extent.to, to + room) }
}

const nameOf = ({ account, region, trail, backfill }: ChainLane): string =>
  `${account} ${region} ${trail}${backfill ? ' (backfill)' : ''}`

function toLane(chain: ChainLane): Lane {
  const windows = chain.windows.map(({ fromMs, toMs, state }) => ({ from: fromMs, to: toMs, state }))
  const gaps = chain.gaps.map(({ fromMs, toMs, reason }) => ({ from: fromMs, to: toMs, state: gapKind(reason) }))
  return {
    id: `${chain.organization} ${chain.homeRegion} ${nameOf(chain)} ${chain.fromMs}`,
    name: `${chain.account} ${chain.region} ${cutMiddle(chain.trail, 18)}${chain.backfill ? ' backfill' : ''}`,
    title: `Trail ${chain.trail} of ${chain.homeRegion}: account ${chain.account}, ${chain.region}${chain.organization === '' ? '' : `, organisation ${chain.organization}`}`,
    spans: [...windows, ...gaps].sort((a, b) => a.from - b.from),
    names: chain.gaps.map(({ fromMs, toMs, says }) => ({ from: fromMs, to: toMs, name: says })),
  }
}

function ChainTip({ chain, time, zone }: { readonly chain: ChainLane; readonly time: number; readonly zone: Zone }) {
  const window = spanAt(
    chain.windows.map((one) => ({ ...one, from: one.fromMs, to: one.toMs })),
    time,
  )
  const gap = chain.gaps.find((one) => time >= one.fromMs && time < one.toMs)
  const kind = gap ? gapKind(gap.reason) : (window?.state ?? 'none')
  const [from, to] = gap ? [gap.fromMs, gap.toMs] : [window?.fromMs ?? time, window?.toMs ?? time]
  return (
    <>
      <b>{visible(nameOf(chain))}</b>
      <Mark kind={kind} word={gap?.says ?? kindWords[kind]} />
      <span>
        {from === to
          ? timeText(time, zone)
          : `${timeText(from, zone)} to ${timeText(to, zone)} (${durationText(to - from)})`}
      </span>
      {gap && <span>{gap.means}</span>}
      <span className={css['quiet']}>
        {counted(chain.digests, 'digest')}, {timeText(chain.fromMs, zone)} to {timeText(chain.toMs, zone)}, home region{' '}
        {visible(chain.homeRegion)}
      </span>
    </>
  )
}
