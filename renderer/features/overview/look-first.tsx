import { useState } from 'react'
import { counted, grouped } from '#shared/base/count.ts'
import { cutMiddle, visible } from '#shared/base/visible.ts'
import type { LookAt } from '#shared/contract/explore.ts'
import { useEventsOf } from '#renderer/client/use-events-of.ts'
import { useZone } from '#renderer/client/use-zone.ts'
import { Button } from '#renderer/ui/button.tsx'
import { timeText } from '#shared/base/zone.ts'
import css from './overview.module.css'

const FIRST = 10

/** The first ten things to look at, each a search with its count and its reason; then what was looked for in vain. */
export function LookFirst({ items }: { readonly items: readonly LookAt[] }) {
  const [all, setAll] = useState(false)
  const found = items.filter((item) => item.count > 0)
  const nothing = items.filter((item) => item.count === 0)
  const shown = all ? found : found.slice(0, FIRST)
  return (
    <section className={css['panel']} aria-labelledby="look-first">
      <h2 id="look-first" className={css['heading']}>
        Look here first{' '}
        <span className={css['quiet']}>
          {found.length === 0 ? 'nothing found' : `${shown.length} of ${found.length}, the gravest first`}
        </span>
      </h2>
      <div className={css['scroll']} tabIndex={0} role="group" aria-label="What to look at first">
        <ol className={css['looks']}>
          {shown.map((item) => (
            <Look key={item.id} item={item} />
          ))}
        </ol>
        {found.length > FIRST && (
          <Button tone="quiet" onPress={() => setAll(!all)}>
            {all ? 'Only the first ten' : `${counted(found.length - FIRST, 'more thing', 'more things')} found`}
          </Button>
        )}
        {nothing.length > 0 && (
          <div className={css['nothing']}>
            <p>Looked for and not found: {nothing.map((item) => item.title).join(' · ')}.</p>
            {nothing.map((item) => item.caveat !== null && <p key={item.id}>{item.caveat}</p>)}
            <p>What is not in the logs cannot be found: see Evidence for what they cover.</p>
          </div>
        )}
      </div>
    </section>
  )
}

function Look({ item }: { readonly item: LookAt }) {
  const show = useEventsOf()
  const zone = useZone()
  return (
    <li>
      <button type="button" className={css['look']} onClick={() => show(item.where)}>
        <span className={css['lookCount']}>{grouped(item.count)}</span>
        <span className={css['lookText']}>
          <span className={css['lookLine']}>
            <span className={css['lookTitle']}>{item.title}</span>
            {item.denied > 0 && (
              <span className={css['denied']}>
                {item.denied === item.count ? 'all denied' : `${grouped(item.denied)} denied`}
              </span>
            )}
            {item.firstMs !== null && <time className={css['lookTime']}>{timeText(item.firstMs, zone)}</time>}
          </span>
          <span className={css['lookLine']}>
            <span className={css['lookReason']}>{item.reason}</span>
            {item.who !== null && (
              <span className={css['lookWho']} title={visible(item.who)}>
                {cutMiddle(visible(lastPart(item.who)), 28)}
              </span>
            )}
          </span>
        </span>
      </button>
    </li>
  )
}

const lastPart = (arn: string): string => (arn.startsWith('arn:') ? arn.slice(arn.lastIndexOf(':') + 1) : arn)
