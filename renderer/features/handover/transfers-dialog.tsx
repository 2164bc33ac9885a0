import { Printer } from 'lucide-react'
import { bytes, counted } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import { timeText } from '#shared/base/zone.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import { useEngine, useForget } from '#renderer/client/engine-context.tsx'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useWindow } from '#renderer/client/window-services.ts'
import { useOpenCase } from '#renderer/client/workspace.ts'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { EmptyState } from '#renderer/ui/states.tsx'
import { Answered } from './answered.tsx'
import css from './handover.module.css'

type Transfer = OutputOf<'packages.transfers'>['transfers'][number]

const DID = { packed: 'Packed', unpacked: 'Unpacked', merged: 'Merged' } as const

/** Each time the case changed hands, newest first, and the form of it to sign. */
export function TransfersDialog({ onClose }: { readonly onClose: () => void }) {
  const { caseId } = useOpenCase()
  const asked = useAsk('packages.transfers', { caseId })
  return (
    <Dialog
      title="Custody transfers"
      isOpen
      onClose={onClose}
      width="wide"
      actions={<Button onPress={onClose}>Close</Button>}
    >
      <Answered asked={asked}>
        {({ transfers }) =>
          transfers.length === 0 ? (
            <EmptyState title="The case has not changed hands">
              It was never packed, and it was not made from a package. Each time it is, a record appears here, with a
              form to sign.
            </EmptyState>
          ) : (
            <>
              <p className={css['quiet']}>{counted(transfers.length, 'transfer')}, newest first</p>
              <ul className={css['transfers']} aria-label="Transfers">
                {[...transfers].reverse().map((transfer) => (
                  <TransferRow key={transfer.seq} transfer={transfer} />
                ))}
              </ul>
            </>
          )
        }
      </Answered>
    </Dialog>
  )
}

function TransferRow({ transfer }: { readonly transfer: Transfer }) {
  const { caseId, header, readOnly } = useOpenCase()
  const engine = useEngine()
  const forget = useForget()
  const { choose, notify } = useWindow()
  const { seq, atMs, kind, from, to, why, medium, file, sha256 } = transfer
  const print = async (): Promise<void> => {
    const name = (header.number || header.title || 'case').replace(/[^\p{L}\p{N}._-]+/gu, '-')
    const [place] = await choose({
      purpose: 'save',
      title: 'Where to save the form',
      suggestedName: `${name}-transfer-${seq}.pdf`,
    })
    if (!place) return
    const reply = await engine.ask('packages.transferForm', { caseId, seq, grant: place.grant })
    if (reply.ok) {
      notify({ tone: 'done', text: `The form is written to ${visible(reply.value.name)}, ready to print and sign.` })
      await forget(caseId)
    } else notify({ tone: 'trouble', text: reply.message })
  }
  return (
    <li>
      <div className={css['transferHead']}>
        <b>{DID[kind]}</b>
        <span>{timeText(atMs - (atMs % 1000))}</span>
        <span className={css['quiet']}>entry {seq} of the custody log</span>
        <Button icon={Printer} isDisabled={readOnly !== null} onPress={() => void print()}>
          Form to sign
        </Button>
      </div>
      <p>
        {from === '' ? 'Nobody named' : visible(from)} to {to === '' ? 'nobody named' : visible(to)}
        {why !== '' && `: ${visible(why)}`}
        {medium !== '' && `, on ${visible(medium)}`}
      </p>
      <p className={css['quiet']}>
        {visible(file)}, {bytes(transfer.bytes)}, SHA-256 <code>{sha256}</code>
      </p>
    </li>
  )
}
