import { useState } from 'react'
import { Copy } from 'lucide-react'
import { visible } from '#shared/base/visible.ts'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useOpenCase } from '#renderer/client/workspace.ts'
import { useWindow } from '#renderer/client/window-services.ts'
import { Button } from '#renderer/ui/button.tsx'
import { Select } from '#renderer/ui/select.tsx'
import { Skeleton } from '#renderer/ui/states.tsx'
import css from './integrity.module.css'

/** The commands that fetch what offline validation needs, filled in from the evidence, ready to copy. */
export function AcquirePanel() {
  const { caseId } = useOpenCase()
  const { notify } = useWindow()
  const [chosen, setChosen] = useState('0')
  const first = useAsk('integrity.help', { caseId }).value
  const places = first?.places ?? []
  const place = places[Number(chosen)]
  const asked = useAsk('integrity.help', place ? { caseId, ...place } : { caseId })
  const help = asked.value
  const copy = async (text: string): Promise<void> => {
    await navigator.clipboard.writeText(text)
    notify({ tone: 'done', text: 'The commands are in the clipboard.' })
  }
  if (!help) return asked.failure ? <p className={css['note']}>{asked.failure.message}</p> : <Skeleton lines={6} />
  return (
    <div className={css['scroll']} tabIndex={0} role="region" aria-label="Acquire">
      <div className={css['trust']}>
        <p>
          Digests can be proven without a network when three things were fetched while there was one: the digests with
          the log files, the signatures that S3 keeps beside each digest, and the public keys of the regions. These
          commands only read. Run them on a machine with network and bring the result here.
        </p>
        <div className={css['actions']}>
          <Button icon={Copy} onPress={() => void copy(help.commands)}>
            Copy the commands
          </Button>
          {places.length > 1 && (
            <Select
              look="inline"
              label="For"
              value={chosen}
              onChange={setChosen}
              options={places.map((one, n) => ({
                id: String(n),
                label: visible(`${one.bucket}${one.prefix === '' ? '' : `/${one.prefix}`}`),
              }))}
            />
          )}
        </div>
      </div>
      <pre className={css['commands']} aria-label="Commands" tabIndex={0}>
        {visibleLines(help.commands)}
      </pre>
    </div>
  )
}

/** Line breaks stay; whatever else hides is shown. */
const visibleLines = (text: string): string => text.split('\n').map(visible).join('\n')
