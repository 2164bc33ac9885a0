import { BookmarkCheck, TriangleAlert } from 'lucide-react'
import { grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { EventDetails } from '#shared/contract/events.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'
import { Badge } from '#renderer/ui/badge.tsx'
import { Mark } from '#renderer/ui/mark.tsx'
import { durationText, timeText, UTC } from '#shared/base/zone.ts'
import type { JsonNode } from '#renderer/ui/json/json-node.ts'
import { shortService } from './event-fields.ts'
import { insightOf, type Insight } from './insight.ts'
import { verdictWords } from './integrity-words.ts'
import { nodeAt, scalarText } from './record-target.ts'
import { useZone } from '#renderer/client/use-zone.ts'
import css from './events.module.css'

export type DetailsHeadProps = { readonly details: EventDetails; readonly root: JsonNode | undefined }

/** The event in a few lines: what, when, by whom, with which result, how it is vouched for, and what a reader must be told. */
export function DetailsHead({ details, root }: DetailsHeadProps) {
  const { row } = details
  const zone = useZone()
  const select = useWorkspace((w) => w.select)
  const text = (...path: string[]): string => {
    const node = root && nodeAt(root, path)
    return (node && scalarText(node)) ?? ''
  }
  const insight = root && insightOf(root)
  const call = insight ? insight.call : text('eventName')
  const service = shortService(insight ? insight.service : text('eventSource'))
  const verdict = verdictWords[row.integrity]
  return (
    <header className={css['head']}>
      <div className={css['headTitle']}>
        <h2>{visible(call) || 'No event name'}</h2>
        <span className={css['quiet']}>{visible(service)}</span>
        {insight && <Badge tone="info">Insight</Badge>}
        {row.readOnly === false && <Badge>write</Badge>}
        {row.exhibit !== null && (
          <span className={css['exhibit']}>
            <BookmarkCheck aria-hidden size={13} />
            {visible(row.exhibit)}
          </span>
        )}
      </div>
      <dl className={css['headFacts']}>
        <dt>when</dt>
        <dd>
          {row.timeMs === null ? (
            'no readable time'
          ) : (
            <>
              <time>{timeText(row.timeMs)}</time>
              {zone !== UTC && (
                <span className={css['local']}>
                  {timeText(row.timeMs, zone)} {zone.name}
                </span>
              )}
            </>
          )}
        </dd>
        {!insight && (
          <>
            <dt>result</dt>
            <dd>
              <span className={row.access === 'denied' ? css['denied'] : undefined}>
                {row.access === 'ok' ? 'ok' : visible(text('errorCode') || row.access)}
              </span>
              {text('errorMessage') !== '' && <span className={css['message']}>{visible(text('errorMessage'))}</span>}
            </dd>
          </>
        )}
        <dt>integrity</dt>
        <dd>
          <Mark kind={verdict.mark} word={verdict.word} />
        </dd>
      </dl>
      {insight && <InsightLine insight={insight} />}
      {(details.flagWords.length > 0 || details.conflicts.length > 0) && (
        <ul className={css['flags']}>
          {details.flagWords.map((words) => (
            <li key={words}>
              <TriangleAlert aria-hidden size={12} />
              This record {words}.
            </li>
          ))}
          {details.conflicts.map((id) => (
            <li key={id}>
              <TriangleAlert aria-hidden size={12} />
              <button type="button" className={css['link']} onClick={() => select(id)}>
                Show the other record with this eventID
              </button>
            </li>
          ))}
        </ul>
      )}
    </header>
  )
}

/** Baseline against observed, as a sentence and two bars. */
function InsightLine({ insight }: { readonly insight: Insight }) {
  const { state, type, baseline, observed, baselineMinutes, observedMinutes, errorCode } = insight
  const most = Math.max(baseline ?? 0, observed ?? 0) || 1
  const what = type === 'ApiErrorRateInsight' ? `errors${errorCode === undefined ? '' : ` (${errorCode})`}` : 'calls'
  const bar = (label: string, rate: number | undefined, minutes: number | undefined, look: string) => (
    <div className={css['insightBar']}>
      <span>{label}</span>
      <span className={css['insightTrack']}>
        <span className={css[look]} style={{ width: `${((rate ?? 0) / most) * 100}%` }} />
      </span>
      <span className={css['insightRate']}>
        {rate === undefined ? 'not stated' : `${rateText(rate)} a minute`}
        {minutes !== undefined && <span className={css['quiet']}> over {durationText(minutes * 60_000)}</span>}
      </span>
    </div>
  )
  return (
    <div className={css['insight']}>
      <p>
        {state === 'End' ? 'The end' : 'The start'} of an unusual rate of {visible(what)}, measured by CloudTrail
        Insights. It is no call itself; Related leads to its {state === 'End' ? 'start' : 'end'} by the shared id.
      </p>
      {bar('usual', baseline, baselineMinutes, 'insightUsual')}
      {bar('observed', observed, observedMinutes, 'insightObserved')}
    </div>
  )
}

const rateText = (rate: number): string => (rate >= 100 ? grouped(rate) : String(Number(rate.toPrecision(3))))
