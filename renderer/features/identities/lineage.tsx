import { grouped } from '#shared/base/count.ts'
import { cutMiddle, visible } from '#shared/base/visible.ts'
import type { EntityPage, LineageNode } from '#shared/contract/explore.ts'
import { isExactly } from '#shared/domain/query/narrow.ts'
import { useEventsOf } from '#renderer/client/use-events-of.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'
import { cx } from '#renderer/ui/cx.ts'
import { timeText } from '#shared/base/zone.ts'
import { useZone } from '#renderer/client/use-zone.ts'
import css from './identities.module.css'

/** Where its credentials came from and what they made: parents stand above, what they minted below and further right. */
export function Lineage({ page }: { readonly page: EntityPage }) {
  return (
    <section className={css['section']}>
      <h2 className={css['heading']}>
        Credentials{' '}
        <span className={css['quiet']}>from what made them to what they made; the accent marks this page's own</span>
      </h2>
      <ol className={css['tree']} aria-label="Credentials">
        {page.lineage.map((node, n) => (
          <Node key={`${node.key ?? node.who} ${n}`} node={node} />
        ))}
      </ol>
      {page.lineageCut !== null && <p className={css['note']}>{page.lineageCut}</p>}
      <p className={css['note']}>
        As far as the evidence holds the calls that made them: a credential at the left has no known origin.
      </p>
    </section>
  )
}

function Node({ node }: { readonly node: LineageNode }) {
  const zone = useZone()
  const go = useWorkspace((w) => w.go)
  const look = useWorkspace((w) => w.look)
  const show = useEventsOf()
  const { key, event } = node
  const where = key === null ? isExactly('principal', node.who) : isExactly('userIdentity.accessKeyId', key)
  return (
    <li
      className={cx(css['node'], node.isSubject && css['subject'])}
      style={{ paddingInlineStart: `${8 + node.depth * 18}px` }}
      aria-level={node.depth + 1}
    >
      <div className={css['nodeLine']}>
        {node.depth > 0 && <span aria-hidden className={css['branch']} />}
        <button
          type="button"
          className={css['nodeKey']}
          onClick={() => go('identities', key === null ? `principal:${node.who}` : `key:${key}`)}
          title={visible(key ?? node.who)}
        >
          {cutMiddle(visible(key ?? lastPart(node.who)), 34)}
        </button>
        {key !== null && (
          <span className={css['quiet']} title={visible(node.who)}>
            {cutMiddle(visible(lastPart(node.who)), 40)}
          </span>
        )}
      </div>
      <div className={css['nodeLine']}>
        {node.call !== null && (
          <button
            type="button"
            className={css['link']}
            onClick={() =>
              event !== null &&
              look({
                place: 'events',
                event,
                query: { text: key === null ? '' : `"${key}"`, facets: [], sort: 'eventTime' },
              })
            }
          >
            {visible(node.call)}
            {node.atMs !== null && <time> {timeText(node.atMs, zone)}</time>}
          </button>
        )}
        {node.events === 0 ? (
          key !== null && <span className={css['quiet']}>not used in this evidence</span>
        ) : (
          <button type="button" className={css['link']} onClick={() => show(where)}>
            {grouped(node.events)} events
          </button>
        )}
        {node.denied > 0 && <span className={css['denied']}>{grouped(node.denied)} denied</span>}
      </div>
    </li>
  )
}

const lastPart = (arn: string): string => (arn.startsWith('arn:') ? arn.slice(arn.lastIndexOf(':') + 1) : arn)
