import { bytes, counted, grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { AcquirePlan } from '#shared/contract/acquire.ts'
import { Facts } from '#renderer/ui/facts.tsx'
import css from './acquire.module.css'

const versioning: Readonly<Record<AcquirePlan['versioning'], string>> = {
  on: 'The bucket keeps older versions',
  suspended: 'The bucket kept older versions once',
  off: 'The bucket keeps no older versions',
  unknown: 'Whether the bucket keeps older versions is not known',
}

/** How much there is, of what, and what fetching it would cost. */
export function PlanView({ plan }: { readonly plan: AcquirePlan }) {
  const { cost } = plan
  return (
    <section className={css['plan']} aria-label="Plan">
      <h2 className={css['heading']}>
        {counted(plan.objects, 'object')}, {bytes(plan.bytes)}, {counted(plan.days, 'day')}
      </h2>
      <p className={css['quiet']}>
        {grouped(plan.objects)} of {counted(plan.objects + plan.leftOut, 'object')} that were listed
        {plan.leftOut > 0 && '; the others are left out by the selection'}.
      </p>
      {plan.groups.length > 0 && (
        <div className={css['tableBox']} tabIndex={0} role="region" aria-label="Objects by account, kind and region">
          <table className={css['table']}>
            <thead>
              <tr>
                <th scope="col">Account</th>
                <th scope="col">Kind</th>
                <th scope="col">Region</th>
                <th scope="col">Days</th>
                <th scope="col" className={css['number']}>
                  Objects
                </th>
                <th scope="col" className={css['number']}>
                  Size
                </th>
              </tr>
            </thead>
            <tbody>
              {plan.groups.map((g) => (
                <tr key={[g.organization, g.account, g.kind, g.region].join('/')}>
                  <td className={css['mono']}>
                    {visible([g.organization, g.account].filter((part) => part !== '').join('/'))}
                  </td>
                  <td>{visible(g.kind)}</td>
                  <td>{visible(g.region)}</td>
                  <td className={css['mono']}>
                    {g.firstDay === null
                      ? ''
                      : g.firstDay === g.lastDay
                        ? g.firstDay
                        : `${g.firstDay} – ${g.lastDay ?? ''}`}
                  </td>
                  <td className={css['number']}>{grouped(g.objects)}</td>
                  <td className={css['number']}>{bytes(g.bytes)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Facts>
        <dt>Requests</dt>
        <dd>
          {grouped(cost.listRequests)} to list, {grouped(cost.getRequests)} to get: about ${cost.requestsUsd.toFixed(4)}
          ; transfer about ${cost.transferUsd.toFixed(2)}
          <span className={css['basis']}>{cost.basis}</span>
        </dd>
        <dt>Versions</dt>
        <dd>
          {versioning[plan.versioning]}: {counted(plan.olderVersions, 'older version')},{' '}
          {counted(plan.deleteMarkers, 'delete marker')}
          {plan.deletedKeys > 0 && (
            <b className={css['warn']}>
              {' '}
              {counted(plan.deletedKeys, 'object')} deleted: tick the older versions to fetch what is still there
            </b>
          )}
        </dd>
        {plan.archived.objects > 0 && (
          <>
            <dt>Archived</dt>
            <dd className={css['warn']}>
              {counted(plan.archived.objects, 'object')}, {bytes(plan.archived.bytes)}: to be restored before they can
              be fetched
            </dd>
          </>
        )}
      </Facts>
      {plan.notes.map((note) => (
        <p key={note} className={css['warn']}>
          {visible(note)}
        </p>
      ))}
    </section>
  )
}
