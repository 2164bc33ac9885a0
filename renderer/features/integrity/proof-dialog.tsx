import { useEffect, type ReactNode } from 'react'
import { Copy } from 'lucide-react'
import { counted, grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import { digestVerdictWords } from '#shared/domain/integrity.ts'
import { useJob } from '#renderer/client/use-job.ts'
import { useWindow } from '#renderer/client/window-services.ts'
import { useOpenCase } from '#renderer/client/workspace.ts'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { Mark } from '#renderer/ui/mark.tsx'
import { ProgressBar } from '#renderer/ui/progress-bar.tsx'
import { ErrorState } from '#renderer/ui/states.tsx'
import type { ProofSubject } from '#renderer/client/proof-address.ts'
import css from './integrity.module.css'

type Answer = OutputOf<'proof.card'>
type Card = Extract<Answer, { kind: 'card' }>

/** The proof of one event or file, from the record to the key: to look at, to keep as JSON or to print. */
export function ProofDialog({ of, onClose }: { readonly of: ProofSubject; readonly onClose: () => void }) {
  const open = useOpenCase()
  const { caseId } = open
  const { choose, notify } = useWindow()
  const made = useJob('proof.card')
  const saving = useJob('proof.save')
  const { start, state } = made
  const subject = JSON.stringify(of)
  useEffect(() => {
    void start({ caseId, of: JSON.parse(subject) as ProofSubject })
  }, [start, caseId, subject])

  const save = async (format: 'json' | 'pdf'): Promise<void> => {
    const name = `proof-${'event' in of ? `event-${of.event}` : `file-${of.entry}`}.${format}`
    const [chosen] = await choose({ purpose: 'save', title: 'Where to save the proof card', suggestedName: name })
    if (!chosen) return
    const reply = await saving.start({ caseId, of, format, grant: chosen.grant })
    if (!reply.ok) notify({ tone: 'trouble', text: reply.message })
    else
      notify({
        tone: 'done',
        text: `${reply.value.name} is written, ${counted(reply.value.bytes, 'byte')}, SHA-256 ${reply.value.sha256}. The custody log says so.`,
      })
  }
  const isCard = state.kind === 'done' && state.value.kind === 'card'
  // Stays on while it is being saved: a button that is switched off loses the focus, and Escape would no longer close the dialog.
  const canSave = isCard && open.readOnly === null
  return (
    <Dialog
      title={'event' in of ? 'Proof card of an event' : 'Proof card of a file'}
      isOpen
      onClose={onClose}
      width="wide"
      actions={
        <>
          {isCard && open.readOnly !== null && <span className={css['quiet']}>{open.readOnly}</span>}
          <Button onPress={onClose}>Close</Button>
          {isCard && (
            <>
              <Button onPress={() => void save('json')} isDisabled={!canSave}>
                Save as JSON
              </Button>
              <Button tone="primary" onPress={() => void save('pdf')} isDisabled={!canSave}>
                Save as PDF
              </Button>
            </>
          )}
        </>
      }
    >
      {state.kind === 'done' ? (
        state.value.kind === 'card' ? (
          <ProofCardView answer={state.value} />
        ) : (
          <div className={css['card']}>
            <Mark
              kind={
                state.value.verdict === 'modified' ? 'altered' : state.value.verdict === 'listed' ? 'listed' : 'none'
              }
              word="not proven"
            />
            <p>
              <b>{visible(state.value.why)}</b>
            </p>
            <p className={css['quiet']}>A card is only made of what can be checked from the record to the key.</p>
          </div>
        )
      ) : state.kind === 'failed' ? (
        <ErrorState
          title={state.failure.message}
          safe="Nothing in the case was changed."
          advice="Close this and try again."
          code={state.failure.code}
        />
      ) : (
        <ProgressBar
          label="Reading the digests"
          done={state.kind === 'running' ? (state.progress?.done ?? 0) : 0}
          total={state.kind === 'running' ? state.progress?.total : undefined}
          unit="digests"
          onCancel={made.cancel}
        />
      )}
    </Dialog>
  )
}

function ProofCardView({ answer: { card, exhibit } }: { readonly answer: Card }) {
  const { record, log, digests, signed, publicKey } = card
  const { notify } = useWindow()
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(card.commands.join('\n'))
    notify({ tone: 'done', text: 'The commands are in the clipboard.' })
  }
  return (
    <div className={css['card']}>
      <p className={css['cardVerdict']}>
        <Mark kind="proven" word="proven" />
        {exhibit !== null && <b>{visible(exhibit)}</b>}
        <span>{visible(card.verdict.words)}</span>
      </p>
      <ol className={css['steps']}>
        {record && (
          <Step title="The record">
            <Fact name="eventID">{record.eventID}</Fact>
            <Fact name="SHA-256">{record.sha256}</Fact>
            <Fact name="Stands at">{`byte ${grouped(record.offset)} of the log file, ${counted(record.length, 'byte')} long`}</Fact>
          </Step>
        )}
        <Step title="lies in the log file">
          <Fact name="File">{log.path}</Fact>
          <Fact name="Object">{`s3://${log.bucket}/${log.key}`}</Fact>
          <Fact name="SHA-256">{log.sha256}</Fact>
          <Fact name="The digest lists">
            {log.listedSha256}
            {log.listedSha256 === log.sha256 ? ' (the same)' : ' (another)'}
          </Fact>
        </Step>
        {digests.map((digest, n) => (
          <Step key={digest.piece} title={n === 0 ? 'which this digest lists' : 'whose hash the next digest names'}>
            <Fact name="Object">{`s3://${digest.bucket}/${digest.key}`}</Fact>
            <Fact name="SHA-256">{digest.sha256}</Fact>
            <Fact name="Verdict">{digestVerdictWords[digest.verdict].says}</Fact>
          </Step>
        ))}
        <Step title="which AWS signed">
          <Fact name="Text signed">
            <pre className={css['signed']} tabIndex={0}>
              {signed.text.split('\n').map(visible).join('\n')}
            </pre>
          </Fact>
          <Fact name="Signature">{signed.signature}</Fact>
          <Fact name="From">{`${signed.signatureFrom}, ${signed.algorithm}`}</Fact>
        </Step>
        <Step title="with this key">
          <Fact name="Fingerprint">{publicKey.fingerprint}</Fact>
          <Fact name="SHA-256">{publicKey.sha256}</Fact>
          <Fact name="Came in">{publicKey.source}</Fact>
        </Step>
      </ol>
      <div className={css['cardHead']}>
        <h3>Check it without this program</h3>
        <Button tone="quiet" icon={Copy} onPress={() => void copy()}>
          Copy the commands
        </Button>
      </div>
      <p className={css['quiet']}>The JSON holds every piece under the name that the commands use.</p>
      <pre className={css['commands']} aria-label="Commands" tabIndex={0}>
        {card.commands.map(visible).join('\n')}
      </pre>
    </div>
  )
}

const Step = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <li>
    <h3>{title}</h3>
    <dl>{children}</dl>
  </li>
)

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>
      {typeof children === 'string' ? (
        <code>{visible(children)}</code>
      ) : Array.isArray(children) ? (
        <code>{children}</code>
      ) : (
        children
      )}
    </dd>
  </>
)
