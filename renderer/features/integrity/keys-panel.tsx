import { FileKey } from 'lucide-react'
import { counted, grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import type { SuppliedKey } from '#shared/contract/integrity.ts'
import { Button } from '#renderer/ui/button.tsx'
import { EmptyState } from '#renderer/ui/states.tsx'
import { timeText, type Zone } from '#shared/base/zone.ts'
import { useZone } from '#renderer/client/use-zone.ts'
import { Unseen } from '#renderer/ui/unseen.tsx'
import css from './integrity.module.css'

type KeysPanelProps = {
  readonly overview: OutputOf<'integrity.overview'>
  /** Absent when the case cannot be changed. */
  readonly onAdd: (() => void) | undefined
}

/** What the proof rests on: the keys, how they came into the case, and what that means. */
export function KeysPanel({ overview, onAdd }: KeysPanelProps) {
  const zone = useZone()
  const { keys, signatures, trust } = overview
  const [statement, ...lines] = trust
  return (
    <div className={css['scroll']} tabIndex={0} role="region" aria-label="Keys">
      <div className={css['trust']}>
        {statement !== undefined && <p>{visible(statement)}</p>}
        <Unseen as="ul">
          {lines.map((line) => (
            <li key={line}>{visible(line)}</li>
          ))}
        </Unseen>
        <div className={css['actions']}>
          {onAdd && (
            <Button icon={FileKey} keys="a" onPress={onAdd}>
              Add keys or signatures
            </Button>
          )}
          <span className={css['quiet']}>
            {counted(keys.length, 'key')}, signatures captured for {counted(signatures, 'digest')}
          </span>
        </div>
      </div>
      {keys.length === 0 ? (
        <EmptyState title="No public key was supplied">
          Without the keys of the regions no signature can be checked, and anyone could have produced the digests. The
          commands that fetch them stand under Acquire; they need a machine with network, but no right to the account
          under investigation.
        </EmptyState>
      ) : (
        <ul className={css['keys']} aria-label="Public keys">
          {keys.map((key) => (
            <KeyCard key={`${key.sha256} ${key.file} ${key.fingerprint}`} one={key} zone={zone} />
          ))}
        </ul>
      )}
    </div>
  )
}

function KeyCard({ one, zone }: { readonly one: SuppliedKey; readonly zone: Zone }) {
  const valid =
    one.validFromMs === null || one.validToMs === null
      ? 'validity not told'
      : `valid ${timeText(one.validFromMs, zone)} to ${timeText(one.validToMs, zone)}`
  return (
    <li>
      <div className={css['keyHead']}>
        <code>{visible(one.fingerprint)}</code>
        <b>{visible(one.region ?? 'no region told')}</b>
        <span>{one.digests === 0 ? 'checked no digest' : `checked ${counted(one.digests, 'digest')}`}</span>
      </div>
      {one.unusual && (
        <p className={css['warn']}>
          The fingerprint is not the MD5 of its bytes, as it is for every key that AWS has published.
        </p>
      )}
      {one.form === 'unloadable' && <p className={css['warn']}>It cannot be read as an RSA public key.</p>}
      <dl>
        <dt>SHA-256 of the key</dt>
        <dd>
          <code>{one.sha256}</code>
        </dd>
        <dt>Key</dt>
        <dd>
          {one.form === 'unloadable' ? 'unreadable' : `RSA ${grouped(one.bits)} bit, ${one.form.toUpperCase()}`},{' '}
          {valid}
        </dd>
        <dt>Came in</dt>
        <dd>
          <code>{visible(one.file)}</code>
          {one.addedMs !== null &&
            `, added ${timeText(one.addedMs, zone)}${one.addedBy === null ? '' : ` by ${visible(one.addedBy)}`}`}
        </dd>
        {one.fileSha256 !== null && (
          <>
            <dt>SHA-256 of that file</dt>
            <dd>
              <code>{one.fileSha256}</code>
            </dd>
          </>
        )}
      </dl>
    </li>
  )
}
