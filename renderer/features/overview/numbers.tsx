import { grouped } from '#shared/base/count.ts'
import { cutMiddle, visible } from '#shared/base/visible.ts'
import type { Insight, Overview } from '#shared/contract/explore.ts'
import { isExactly } from '#shared/domain/query/narrow.ts'
import { useEventsOf } from '#renderer/client/use-events-of.ts'
import { useZone } from '#renderer/client/use-zone.ts'
import { cx } from '#renderer/ui/cx.ts'
import { durationText, timeText } from '#shared/base/zone.ts'
import css from './overview.module.css'

type Linked = { readonly count: number; readonly where: string }

/** The numbers that every investigation begins with. */
export function Numbers({ overview: { access, logins, categories, insights } }: { readonly overview: Overview }) {
  return (
    <section className={css['panel']} aria-labelledby="numbers">
      <h2 id="numbers" className={css['heading']}>
        In numbers
      </h2>
      <div className={css['scroll']} tabIndex={0} role="group" aria-label="In numbers">
        <Group name="Calls">
          <Fact name="reads" {...access.reads} />
          <Fact name="writes" {...access.writes} strong />
          <Fact name="denied" {...access.denied} tone="denied" />
          <Fact name="failed otherwise" {...access.failed} />
        </Group>
        <Group name="Console logins">
          <Fact name="with MFA" {...logins.withMfa} />
          <Fact name="without MFA" {...logins.withoutMfa} tone="denied" />
          <Fact name="failed" {...logins.failed} />
          <Fact name="root user, all calls" {...logins.root} tone="denied" />
        </Group>
        <Group name="Categories">
          {categories.map((one) => (
            <Fact
              key={one.category}
              name={categoryWords[one.category] ?? visible(one.category)}
              count={one.count}
              where={one.where}
              caveat={one.caveat}
            />
          ))}
        </Group>
        {insights.length > 0 && (
          <Group name="Insights of AWS">
            {insights.slice(0, 20).map((insight) => (
              <InsightLine
                key={`${insight.sharedEventID} ${insight.startEvent ?? insight.endEvent ?? ''}`}
                insight={insight}
              />
            ))}
          </Group>
        )}
      </div>
    </section>
  )
}

const categoryWords: Readonly<Record<string, string>> = {
  Management: 'management',
  Data: 'data',
  NetworkActivity: 'network activity',
  Insight: 'Insights records',
}

function Group({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <>
      <h3 className={css['group']}>{name}</h3>
      <ul className={css['facts']}>{children}</ul>
    </>
  )
}

type FactProps = Linked & {
  readonly name: string
  readonly tone?: 'denied'
  readonly strong?: boolean
  readonly caveat?: string | null
}

function Fact({ name, count, where, tone, strong = false, caveat = null }: FactProps) {
  const show = useEventsOf()
  return (
    <li>
      {count === 0 ? (
        <span className={cx(css['fact'], css['quiet'])}>
          {name} <span>0</span>
        </span>
      ) : (
        <button type="button" className={css['fact']} onClick={() => show(where)}>
          {name} <b className={cx(tone === 'denied' && css['denied'], strong && css['strong'])}>{grouped(count)}</b>
        </button>
      )}
      {caveat !== null && <p className={css['caveat']}>{caveat}</p>}
    </li>
  )
}

/** Start and end as one: what AWS found unusual, and how unusual. */
function InsightLine({ insight }: { readonly insight: Insight }) {
  const show = useEventsOf()
  const zone = useZone()
  const { startMs, endMs, baselineAverage, insightAverage } = insight
  const what =
    insight.insightType === 'ApiErrorRateInsight'
      ? `errors ${insight.errorCode === null ? '' : visible(insight.errorCode)}`
      : 'calls'
  const top = insight.attributions[0]
  const where =
    insight.sharedEventID === '' ? 'eventCategory:Insight' : isExactly('sharedEventID', insight.sharedEventID)
  return (
    <li>
      <button type="button" className={css['insight']} onClick={() => show(where)}>
        <span>
          <b>{visible(insight.eventName)}</b> {what}: {rate(insightAverage)} per minute instead of{' '}
          {rate(baselineAverage)}
        </span>
        <span className={css['quiet']}>
          {startMs === null ? 'start not in the evidence' : timeText(startMs, zone)}
          {startMs !== null && endMs !== null
            ? `, for ${durationText(endMs - startMs)}`
            : endMs === null
              ? ', end not in the evidence'
              : `, ended ${timeText(endMs, zone)}`}{' '}
          · {visible(insight.region)}
        </span>
        {top && (
          <span className={css['quiet']} title={visible(top.value)}>
            most by {cutMiddle(visible(top.value), 44)}
          </span>
        )}
      </button>
    </li>
  )
}

const rate = (n: number | null): string =>
  n === null ? 'unknown' : n >= 100 ? grouped(n) : String(Math.round(n * 100) / 100)
