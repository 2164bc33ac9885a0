import { bytes, counted, grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { AcquireResult, NotFetched } from '#shared/contract/acquire.ts'
import { Facts } from '#renderer/ui/facts.tsx'
import css from './acquire.module.css'

const reasonWords: Readonly<Record<NotFetched['reason'], string>> = {
  archived: 'archived',
  'access-denied': 'access denied',
  gone: 'gone',
  damaged: 'never came whole',
  unavailable: 'not answered',
  'too-large': 'too large',
  'folder-marker': 'only marks a folder',
  'not-reached': 'not reached',
}

/** What was fetched, and what was not, with the reason. */
export function Outcome({ result, folder }: { readonly result: AcquireResult; readonly folder: string }) {
  const { fetched, alreadyThere, notFetched, plan } = result
  const held = fetched.objects + alreadyThere.objects
  return (
    <section className={css['plan']} aria-label="Outcome">
      <h2 className={css['heading']}>
        {result.ending === 'stopped' ? 'Stopped' : 'Done'}: {grouped(held)} of {counted(plan.objects, 'object')} are in{' '}
        {visible(folder)}
      </h2>
      <Facts>
        <dt>Fetched</dt>
        <dd>
          {counted(fetched.objects, 'object')}, {bytes(fetched.bytes)}, in {result.seconds.toFixed(1)} s; every length
          and checksum was compared
        </dd>
        {alreadyThere.objects > 0 && (
          <>
            <dt>There before</dt>
            <dd>{counted(alreadyThere.objects, 'object')}, whole</dd>
          </>
        )}
        <dt>Signatures</dt>
        <dd>{counted(result.signatures, 'digest')} with the signature of AWS</dd>
        <dt>Manifest</dt>
        <dd className={css['mono']}>{result.manifestSha256}</dd>
      </Facts>
      {notFetched.objects > 0 && (
        <>
          <h3 className={css['heading']}>
            Seen and not fetched:{' '}
            {notFetched.reasons.map((one) => `${grouped(one.objects)} ${reasonWords[one.reason]}`).join(', ')}
          </h3>
          <div className={css['tableBox']} tabIndex={0} role="region" aria-label="Objects that were not fetched">
            <table className={css['table']}>
              <thead>
                <tr>
                  <th scope="col">Object</th>
                  <th scope="col">Why</th>
                </tr>
              </thead>
              <tbody>
                {notFetched.first.map((one) => (
                  <tr key={`${one.versionId ?? ''} ${one.key}`}>
                    <td className={css['key']}>{visible(one.key)}</td>
                    <td>{visible(one.detail)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <p className={css['quiet']}>
            {grouped(notFetched.first.length)} of {grouped(notFetched.objects)} shown; all are in
            acquisition/not-fetched.jsonl. Fetching into the same folder again tries only these.
          </p>
        </>
      )}
      <p className={css['quiet']}>
        The public keys that check the signatures are not in the bucket. Evidence, Integrity has the commands that fetch
        them.
      </p>
    </section>
  )
}
