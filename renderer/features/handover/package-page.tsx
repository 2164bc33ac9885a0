import { bytes, counted } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import { timeText } from '#shared/base/zone.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import { Mark } from '#renderer/ui/mark.tsx'
import { Facts } from '#renderer/ui/facts.tsx'
import { Form } from '#renderer/ui/form.tsx'
import { CopyLine } from './copy-line.tsx'
import type { KnownKey } from './known-keys.ts'
import { SignerLine } from './signer-line.tsx'
import css from './handover.module.css'

export type Inspected = OutputOf<'packages.inspect'>

type Props = {
  readonly found: Inspected
  readonly known: readonly KnownKey[]
  readonly onKnow: (key: KnownKey) => void
}

const seconds = (ms: number): string => timeText(ms - (ms % 1000))

/** What a package says of itself and what of that was checked, before anything is imported. */
export function PackagePage({ found, known, onKnow }: Props) {
  const { document, transfers } = found
  const { header, counts, custody } = document
  return (
    <Form>
      <section className={css['verdict']} aria-label="Is it whole">
        <Mark kind={found.whole ? 'proven' : 'altered'} word={found.whole ? 'Whole' : 'Not whole'} />
        <p>
          {found.whole
            ? 'Every hash in it agrees, and its custody log is an unbroken chain.'
            : 'Do not rely on it. Nothing of it can be imported; ask the sender for it again.'}
        </p>
        {found.problems.length > 0 && (
          <ul className={css['problems']}>
            {found.problems.map((problem, n) => (
              <li key={n}>{visible(problem)}</li>
            ))}
          </ul>
        )}
      </section>
      <section aria-label="Who signed it">
        {found.signatures.length === 0 ? (
          <div className={css['signer']}>
            <Mark kind="none" word="Unsigned" />
            <p>
              Anyone may have made it. Compare its SHA-256 with the one on the transfer form, or ask the sender for it.
            </p>
          </div>
        ) : (
          found.signatures.map((signer, n) => <SignerLine key={n} signer={signer} known={known} onKnow={onKnow} />)
        )}
      </section>
      <Facts label="What it holds">
        <dt>Case</dt>
        <dd>
          <b>{visible([header.number, header.title].filter((part) => part !== '').join(' ')) || 'without a title'}</b>,{' '}
          {header.tlp}
        </dd>
        <dt>Packed</dt>
        <dd>
          {seconds(document.madeMs)} by {visible(document.examiner.name)}
          {document.examiner.organisation !== '' && `, ${visible(document.examiner.organisation)}`}, with Trailcase{' '}
          {visible(document.tools.trailcase)}
        </dd>
        <dt>Evidence</dt>
        <dd>
          {counted(counts.originals, 'original')} ({bytes(counts.bytes)}) of{' '}
          {counted(counts.entries, 'entry', 'entries')} in the ledger
          {document.kind === 'annotated' && ', only those with annotations'}; {counted(counts.events, 'event')} in the
          case
        </dd>
        <dt>People said</dt>
        <dd>{counted(counts.operations, 'annotation')}</dd>
        <dt>Custody log</dt>
        <dd>
          {counted(custody.entries, 'entry', 'entries')}, the last one <code>{custody.hash}</code>
        </dd>
        {transfers.map((transfer) => (
          <TransferFact key={transfer.id} transfer={transfer} />
        ))}
        <dt>File</dt>
        <dd>
          {visible(found.name)}, {bytes(found.bytes)}
          {found.encrypted && ', encrypted'}
        </dd>
        <dt>SHA-256</dt>
        <dd>
          <CopyLine what="the SHA-256" text={found.sha256} />
        </dd>
      </Facts>
    </Form>
  )
}

function TransferFact({ transfer }: { readonly transfer: Inspected['transfers'][number] }) {
  const { atMs, from, to, why, medium } = transfer
  return (
    <>
      <dt>Handed over</dt>
      <dd>
        {seconds(atMs)}, {visible(from)} to {to === '' ? 'nobody named' : visible(to)}
        {why !== '' && `: ${visible(why)}`}
        {medium !== '' && `, on ${visible(medium)}`}
      </dd>
    </>
  )
}
