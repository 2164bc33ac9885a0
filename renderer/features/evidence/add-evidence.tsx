import { useState } from 'react'
import { FileKey, FolderInput, X } from 'lucide-react'
import { counted } from '#shared/base/count.ts'
import { useWindow, type Chosen } from '#renderer/client/window-services.ts'
import { Button, IconButton, Segments } from '#renderer/ui/button.tsx'
import { TextField } from '#renderer/ui/text-field.tsx'
import type { IntakeJob } from './intake-job.ts'
import { emptyOptions, optionTrouble, toSelection, type IntakeOptions } from './intake-options.ts'
import css from './evidence.module.css'

/** Sources, and what of them is wanted; then the import starts. */
export function AddEvidence({ onStart }: { readonly onStart: IntakeJob['start'] }) {
  const { choose } = useWindow()
  const [chosen, setChosen] = useState<readonly Chosen[]>([])
  const [options, setOptions] = useState(emptyOptions)
  const [narrows, setNarrows] = useState(false)
  const set = (change: Partial<IntakeOptions>): void => setOptions({ ...options, ...change })
  const trouble = optionTrouble(options)
  const isReady = chosen.length > 0 && trouble === undefined

  const pick = async (): Promise<void> => {
    const more = await choose({ purpose: 'evidence', title: 'Choose evidence' })
    setChosen((now) => [...now, ...more.filter((one) => now.every(({ label }) => label !== one.label))])
  }
  const start = (): void => {
    if (!isReady) return
    onStart({ grants: chosen.map(({ grant }) => grant), mode: options.mode, ...(narrows ? toSelection(options) : {}) })
  }

  return (
    <div className={css['add']}>
      <ul className={css['chosen']} aria-label="Chosen sources">
        {chosen.map((one) => (
          <li key={one.grant}>
            <FolderInput aria-hidden size={14} />
            <span className={css['path']}>{one.label}</span>
            <IconButton
              label={`Leave out ${one.label}`}
              icon={X}
              size="small"
              onPress={() => setChosen(chosen.filter(({ grant }) => grant !== one.grant))}
            />
          </li>
        ))}
        <li className={css['chooseLine']}>
          <Button icon={FileKey} onPress={() => void pick()} autoFocus={chosen.length === 0}>
            {chosen.length === 0 ? 'Choose folders, files or archives' : 'Choose more'}
          </Button>
          <span className={css['hint']}>
            Logs, digests, exports of consoles and SIEMs, zip or tar archives, keys, signatures
          </span>
        </li>
      </ul>

      <div className={css['option']}>
        <Segments
          label="Originals"
          value={options.mode}
          onChange={(mode) => set({ mode })}
          options={[
            { id: 'copy', label: 'Keep a copy of the originals' },
            { id: 'reference', label: 'Keep only hashes and places' },
          ]}
        />
        <p className={css['hint']}>
          {options.mode === 'copy'
            ? 'The case holds every byte of the evidence, compressed, and needs nothing else to be checked later.'
            : 'The case is smaller. Showing raw records and checking the originals then needs the evidence at the same place.'}
        </p>
      </div>

      {narrows ? (
        <fieldset className={css['narrow']}>
          <legend>Only a part of it</legend>
          <TextField
            label="Accounts"
            value={options.accounts}
            onChange={(accounts) => set({ accounts })}
            placeholder="111122223333, 444455556666"
            mono
            error={trouble?.accounts}
          />
          <TextField
            label="Regions"
            value={options.regions}
            onChange={(regions) => set({ regions })}
            placeholder="us-east-1, eu-central-1"
            mono
            error={trouble?.regions}
          />
          <TextField
            label="Delivered from"
            value={options.from}
            onChange={(from) => set({ from })}
            placeholder="2023-07-10"
            mono
            error={trouble?.from}
          />
          <TextField
            label="Events before"
            value={options.to}
            onChange={(to) => set({ to })}
            placeholder="2023-07-12"
            mono
            error={trouble?.to}
          />
          <p className={css['hint']}>
            Files are left out by their name, before they are read, and counted as ignored with the reason. Names tell
            when a file was delivered, so a day more is read at the end. Digests that are left out leave chains open.
          </p>
        </fieldset>
      ) : (
        <div>
          <Button tone="quiet" onPress={() => setNarrows(true)}>
            Only some accounts, regions or days
          </Button>
        </div>
      )}

      <div className={css['begin']}>
        <Button tone="primary" onPress={start} isDisabled={!isReady}>
          {chosen.length === 0 ? 'Import' : `Import ${counted(chosen.length, 'source')}`}
        </Button>
        <span className={css['hint']}>The evidence is only read. Nothing is written beside it.</span>
      </div>
    </div>
  )
}
