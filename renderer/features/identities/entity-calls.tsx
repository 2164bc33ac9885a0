import { useState } from 'react'
import { grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { EntityPage } from '#shared/contract/explore.ts'
import { bothQueries, isExactly } from '#shared/domain/query/narrow.ts'
import { useEventsOf } from '#renderer/client/use-events-of.ts'
import { Button } from '#renderer/ui/button.tsx'
import { cx } from '#renderer/ui/cx.ts'
import css from './identities.module.css'

const FIRST = 14

/** What it called, by service: how often it worked and how often it did not. */
export function EntityCalls({ page }: { readonly page: EntityPage }) {
  const [all, setAll] = useState(false)
  const show = useEventsOf()
  const shown = all ? page.calls : page.calls.slice(0, FIRST)
  const link = (n: number, condition: string, className?: string) =>
    n === 0 ? (
      <td className={css['zero']}>0</td>
    ) : (
      <td>
        <button type="button" className={cx(css['number'], className)} onClick={() => show(condition)}>
          {grouped(n)}
        </button>
      </td>
    )
  return (
    <section className={css['section']}>
      <h2 className={css['heading']}>
        Calls{' '}
        <span className={css['quiet']}>
          {grouped(shown.length)} of {grouped(page.distinctCalls)}, the most frequent first; writes in bold
        </span>
      </h2>
      <table className={css['table']}>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">Call</th>
            <th scope="col">ok</th>
            <th scope="col">denied</th>
            <th scope="col">failed</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((call) => {
            const where = [
              page.where,
              isExactly('eventSource', call.service || undefined),
              isExactly('eventName', call.name),
            ].reduce(bothQueries)
            return (
              <tr key={`${call.service} ${call.name}`}>
                <td className={css['quiet']} title={visible(call.service)}>
                  {visible(call.service.replace(/\.amazonaws\.com$/, ''))}
                </td>
                <th scope="row" className={cx(call.readOnly === false && css['strong'])}>
                  {visible(call.name)}
                </th>
                {link(call.ok, bothQueries(where, '-access:denied -access:failed'))}
                {link(call.denied, bothQueries(where, 'access:denied'), css['denied'])}
                {link(call.failed, bothQueries(where, 'access:failed'))}
              </tr>
            )
          })}
        </tbody>
      </table>
      {page.calls.length > FIRST && (
        <Button tone="quiet" onPress={() => setAll(!all)}>
          {all ? 'Fewer' : `All ${grouped(page.calls.length)}`}
        </Button>
      )}
    </section>
  )
}
