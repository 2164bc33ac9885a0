import { useState } from 'react'
import { Copy, ShieldCheck } from 'lucide-react'
import { counted, grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import { useForget } from '#renderer/client/engine-context.tsx'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useJob } from '#renderer/client/use-job.ts'
import { useOpenCase } from '#renderer/client/workspace.ts'
import { Button, IconButton } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { Mark, type MarkKind } from '#renderer/ui/mark.tsx'
import { ProgressBar } from '#renderer/ui/progress-bar.tsx'
import { TextField } from '#renderer/ui/text-field.tsx'
import { useKeyCommands } from '#renderer/ui/use-keys.tsx'
import { Form } from '#renderer/ui/form.tsx'
import css from './custody.module.css'

/** How long the log is and the hash of its last entry; whether the chain holds, and whether it still says what was noted elsewhere. */
export function HeadBand() {
  const { caseId } = useOpenCase()
  const forget = useForget()
  const head = useAsk('custody.head', { caseId })
  const [isComparing, setIsComparing] = useState(false)
  const verify = useJob('cases.verify')
  const isRunning = verify.state.kind === 'running'
  const check = (): void => {
    if (!isRunning) void verify.start({ caseId }).then(() => forget(caseId))
  }
  useKeyCommands([
    { id: 'custody-verify', label: 'Verify the log', keys: ['v'], scope: 'Custody', run: check },
    {
      id: 'custody-compare',
      label: 'Compare with a head that was noted',
      keys: ['c'],
      scope: 'Custody',
      run: () => setIsComparing(true),
    },
  ])
  const { value, failure } = head
  return (
    <header className={css['band']}>
      <div className={css['bandLine']}>
        <h1>Custody log</h1>
        {value ? (
          <span className={css['head']}>
            <b>{counted(value.entries, 'entry', 'entries')}</b>, head <code>{value.hash}</code>
            <IconButton
              size="small"
              icon={Copy}
              label="Copy entries and head"
              onPress={() => void navigator.clipboard.writeText(`${value.entries} ${value.hash}`)}
            />
          </span>
        ) : (
          <span className={css['head']}>{failure?.message ?? 'Reading the head'}</span>
        )}
        <div className={css['actions']}>
          <Button tone="quiet" keys="c" onPress={() => setIsComparing(true)}>
            Compare
          </Button>
          <Button icon={ShieldCheck} keys="v" onPress={check} isDisabled={isRunning}>
            Verify
          </Button>
        </div>
      </div>
      <p className={css['quiet']}>
        Each entry holds the hash of the one before, so nothing can be changed, taken out or put in between without
        breaking the chain. Cutting off its end, or writing all of it anew, shows only against a head that was noted
        elsewhere: every printed report carries one.
      </p>
      {verify.state.kind === 'running' && (
        <ProgressBar
          label={`Checking ${visible(verify.state.progress?.check ?? 'the case')}`}
          done={verify.state.progress?.done ?? 0}
          total={verify.state.progress?.total}
          unit="checked"
          onCancel={verify.cancel}
        />
      )}
      {verify.state.kind === 'done' && <Outcome checks={verify.state.value} />}
      {verify.state.kind === 'failed' && !verify.state.stopped && (
        <p className={css['bad']} role="alert">
          {verify.state.failure.message}
        </p>
      )}
      {isComparing && <CompareDialog onClose={() => setIsComparing(false)} />}
    </header>
  )
}

/** What the check of the case found, with the chain of this log first. */
function Outcome({ checks: { checks, clean } }: { readonly checks: OutputOf<'cases.verify'> }) {
  const custody = checks.find(({ name }) => name === 'custody')
  if (!custody) return null
  const others = checks.filter((check) => check !== custody && check.failed > 0)
  return (
    <div role="status" aria-label="Result of the check" className={css['outcome']}>
      <Mark kind={custody.failed === 0 ? 'proven' : 'altered'} word={custody.failed === 0 ? 'unbroken' : 'broken'} />
      <span>
        {custody.failed === 0
          ? `All ${counted(custody.checked, 'entry', 'entries')} follow each other without a break.`
          : `${counted(custody.failed, 'fault')} in ${counted(custody.checked, 'entry', 'entries')}: ${custody.failures.map(visible).join(' ')}`}{' '}
        {clean
          ? 'Every other check of the case passed too.'
          : others.length > 0
            ? `The case itself has faults: ${others.map(({ name, failed }) => `${name} ${grouped(failed)}`).join(', ')}. The case menu lists them.`
            : 'Work on a copy, and compare it with one that was kept elsewhere.'}
      </span>
    </div>
  )
}

type Noted = NonNullable<OutputOf<'custody.head'>['noted']>

const notedWords: Readonly<Record<Noted, { readonly kind: MarkKind; readonly word: string; readonly means: string }>> =
  {
    same: {
      kind: 'proven',
      word: 'the same',
      means: 'Up to that entry, the log still says what it said when the head was noted.',
    },
    rewritten: {
      kind: 'altered',
      word: 'rewritten',
      means: 'That entry has another hash now: the log was written anew, or the head belongs to another case or copy.',
    },
    cut: {
      kind: 'missing',
      word: 'cut off',
      means: 'The log is shorter now than it was then: entries are gone, or this is an older copy of the case.',
    },
  }

/** Compares the log with a number of entries and a hash that stand on a printed report or on paper. */
function CompareDialog({ onClose }: { readonly onClose: () => void }) {
  const { caseId } = useOpenCase()
  const [count, setCount] = useState('')
  const [hash, setHash] = useState('')
  const entries = /^\s*\d{1,9}\s*$/.test(count.replaceAll(',', '')) ? Number(count.replaceAll(',', '')) : 0
  const typed = hash.replace(/\s+/g, '')
  const isHash = /^[0-9a-fA-F]{64}$/.test(typed)
  const asked = useAsk('custody.head', entries > 0 && isHash ? { caseId, noted: { entries, hash: typed } } : null, {
    keepsPrevious: false,
  })
  const noted = asked.value?.noted
  const words = noted === undefined || noted === null ? undefined : notedWords[noted]
  return (
    <Dialog
      title="Compare with a head that was noted"
      isOpen
      onClose={onClose}
      actions={<Button onPress={onClose}>Close</Button>}
    >
      <Form>
        <p className={css['quiet']}>Number of entries and hash stand together on every printed report.</p>
        <TextField label="Entries" value={count} onChange={setCount} mono autoFocus />
        <TextField
          label="Hash of the last entry"
          value={hash}
          onChange={setHash}
          mono
          {...(typed !== '' &&
            !isHash && { error: `A SHA-256 has 64 digits 0 to 9 and a to f; this has ${typed.length} characters.` })}
        />
        <div role="status" aria-label="Result of the comparison" className={css['outcome']}>
          {words ? (
            <>
              <Mark kind={words.kind} word={words.word} />
              <span>{words.means}</span>
            </>
          ) : (
            (asked.failure?.message ?? '')
          )}
        </div>
      </Form>
    </Dialog>
  )
}
