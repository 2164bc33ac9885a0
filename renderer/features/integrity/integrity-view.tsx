import { useState } from 'react'
import { FileKey, RefreshCw } from 'lucide-react'
import { counted, grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import { useForget } from '#renderer/client/engine-context.tsx'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useJob } from '#renderer/client/use-job.ts'
import { useWindow } from '#renderer/client/window-services.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { Button } from '#renderer/ui/button.tsx'
import { Mark, type MarkKind } from '#renderer/ui/mark.tsx'
import { ProgressBar } from '#renderer/ui/progress-bar.tsx'
import { SplitPanes } from '#renderer/ui/split-panes.tsx'
import { ErrorState, Skeleton } from '#renderer/ui/states.tsx'
import { Tabs, type TabItem } from '#renderer/ui/tabs.tsx'
import { useKeyCommands } from '#renderer/ui/use-keys.tsx'
import type { TimeRange } from '#renderer/ui/time-axis.ts'
import { timeText } from '#shared/base/zone.ts'
import { AcquirePanel } from './acquire-panel.tsx'
import { ChainsPanel } from './chains-panel.tsx'
import { CoveragePanel } from './coverage-panel.tsx'
import { FindingsPanel } from './findings-panel.tsx'
import { KeysPanel } from './keys-panel.tsx'
import { LakePanel } from './lake-panel.tsx'
import { INTEGRITY, readProofAddress } from '#renderer/client/proof-address.ts'
import { ProofDialog } from './proof-dialog.tsx'
import { useZone } from '#renderer/client/use-zone.ts'
import css from './integrity.module.css'

type Overview = OutputOf<'integrity.overview'>

/** What the digests prove: one sentence, the map of what they cover, and below it what is wrong and what the proof rests on. */
export function IntegrityView() {
  const { caseId } = useOpenCase()
  const about = useWorkspace((w) => w.view.about)
  const go = useWorkspace((w) => w.go)
  const asked = useAsk('integrity.overview', { caseId })
  const [view, move] = useState<TimeRange | undefined>(undefined)
  const [tab, setTab] = useState('findings')
  const proofs = useProofs()
  const proof = readProofAddress(about)
  const overview = asked.value
  if (!overview)
    return (
      <div className={css['lonely']}>
        {asked.failure ? (
          <ErrorState
            title={asked.failure.message}
            safe="Nothing in the case was changed."
            advice="Ask again; if it comes back, check the case itself in the case menu."
            code={asked.failure.code}
            actions={<Button onPress={asked.again}>Ask again</Button>}
          />
        ) : (
          <Skeleton lines={6} label="Reading what the digests say" />
        )}
      </div>
    )
  const findings = Object.values(overview.severities).reduce((sum, n) => sum + n, 0)
  const tabs: readonly TabItem[] = [
    { id: 'findings', label: 'Findings', count: grouped(findings), children: <FindingsPanel overview={overview} /> },
    {
      id: 'chains',
      label: 'Chains',
      count: grouped(overview.chains.length),
      children: <ChainsPanel chains={overview.chains} view={view} move={move} />,
    },
    {
      id: 'keys',
      label: 'Keys',
      count: grouped(overview.keys.length),
      children: <KeysPanel overview={overview} onAdd={proofs.add} />,
    },
    ...(overview.lake.length > 0
      ? [
          {
            id: 'lake',
            label: 'Lake results',
            count: grouped(overview.lake.length),
            children: <LakePanel results={overview.lake} />,
          },
        ]
      : []),
    { id: 'acquire', label: 'Acquire', children: <AcquirePanel /> },
  ]
  return (
    <div className={css['view']}>
      <Verdict overview={overview} proofs={proofs} />
      <div className={css['panes']}>
        <SplitPanes
          id="integrity"
          direction="column"
          panes={[
            {
              id: 'coverage',
              size: '46%',
              least: '120px',
              collapsible: true,
              children: <CoveragePanel view={view} move={move} />,
            },
            {
              id: 'below',
              least: '160px',
              children: <Tabs label="What the digests say" items={tabs} selected={tab} onSelect={setTab} />,
            },
          ]}
        />
      </div>
      {proof && <ProofDialog of={proof} onClose={() => go('evidence', INTEGRITY)} />}
    </div>
  )
}

type Proofs = ReturnType<typeof useProofs>

/** Adds keys and signatures, and judges again; what came of it is told in the corner, also when the person has gone elsewhere. */
function useProofs() {
  const { caseId, readOnly, importing } = useOpenCase()
  const { choose, notify } = useWindow()
  const forget = useForget()
  const adding = useJob('integrity.addProofs')
  const judging = useJob('integrity.judge')
  const isRunning = adding.state.kind === 'running' || judging.state.kind === 'running'
  const canChange = readOnly === null && !importing && !isRunning
  const add = async (): Promise<void> => {
    const chosen = await choose({ purpose: 'evidence', title: 'Choose public keys or captured signatures' })
    if (chosen.length === 0) return
    const reply = await adding.start({ caseId, grants: chosen.map(({ grant }) => grant) })
    await forget(caseId)
    if (!reply.ok) {
      if (reply.code !== 'cancelled') notify({ tone: 'trouble', text: reply.message })
      return
    }
    const { added, sentence } = reply.value
    const parts = [
      ...(added.keys > 0 ? [counted(added.keys, 'file with keys', 'files with keys')] : []),
      ...(added.signatures > 0 ? [counted(added.signatures, 'file with signatures', 'files with signatures')] : []),
    ]
    if (parts.length === 0)
      notify({
        tone: 'trouble',
        text: 'No new key or signature was found in what was chosen. Keys are what list-public-keys prints, DER or PEM; signatures are what head-object prints.',
      })
    else notify({ tone: 'done', text: `Added ${parts.join(' and ')}. ${sentence}` })
  }
  const judge = async (): Promise<void> => {
    const reply = await judging.start({ caseId })
    await forget(caseId)
    if (reply.ok) notify({ tone: 'done', text: `Checked again. ${reply.value.sentence}` })
    else if (reply.code !== 'cancelled') notify({ tone: 'trouble', text: reply.message })
  }
  return {
    add: canChange ? () => void add() : undefined,
    judge: canChange ? () => void judge() : undefined,
    whyNot: readOnly,
    adding,
    judging,
  }
}

/** One sentence, and the numbers it was made of. */
function Verdict({ overview, proofs }: { readonly overview: Overview; readonly proofs: Proofs }) {
  const zone = useZone()
  const { digests, keys, signatures, judgedMs, stale } = overview
  const { add, judge } = proofs
  useKeyCommands([
    ...(add ? [{ id: 'proofs-add', label: 'Add keys or signatures', keys: ['a'], scope: 'Integrity', run: add }] : []),
    ...(judge
      ? [{ id: 'proofs-judge', label: 'Check the digests again', keys: ['r'], scope: 'Integrity', run: judge }]
      : []),
  ])
  const kind = verdictKind(overview)
  return (
    <header className={css['verdict']}>
      <div className={css['verdictHead']}>
        <Mark kind={kind} word={judgedMs === null ? 'not checked' : verdictWord[kind]} />
        <h1>{visible(overview.sentence)}</h1>
        <div className={css['actions']}>
          {add && (
            <Button icon={FileKey} keys="a" onPress={add}>
              Add keys or signatures
            </Button>
          )}
          {judge && (
            <Button tone="quiet" icon={RefreshCw} keys="r" onPress={judge}>
              {judgedMs === null ? 'Check now' : 'Check again'}
            </Button>
          )}
        </div>
      </div>
      <p className={css['numbers']}>
        <Part n={digests.authentic + digests.authenticByLink} of={digests.total} words="digests authentic" />
        <Part n={digests.consistent} words="only consistent" />
        <Part n={digests.invalid} words="invalid" isBad />
        <Part n={digests.unverified} words="not verified" />
        <Part n={keys.length} words={keys.length === 1 ? 'public key' : 'public keys'} />
        <Part n={signatures} words={signatures === 1 ? 'captured signature' : 'captured signatures'} />
        {judgedMs !== null && <span>checked {timeText(Math.floor(judgedMs / 1000) * 1000, zone)}</span>}
        {proofs.whyNot !== null && <span>{proofs.whyNot}</span>}
      </p>
      {stale && (
        <p className={css['warn']} role="status">
          Evidence has come since this was checked, so it does not speak about all of it.
        </p>
      )}
      <Running proofs={proofs} />
    </header>
  )
}

function Running({ proofs: { adding, judging } }: { readonly proofs: Proofs }) {
  if (adding.state.kind === 'running') {
    const { progress } = adding.state
    return (
      <ProgressBar
        label={progress?.phase === 'finishing' ? 'Checking the digests with them' : 'Reading what was chosen'}
        done={progress?.files ?? 0}
        total={progress?.filesTotal}
        unit="files"
        onCancel={adding.cancel}
      />
    )
  }
  if (judging.state.kind !== 'running') return null
  const { progress } = judging.state
  return (
    <ProgressBar
      label={
        progress?.phase === 'judging'
          ? 'Judging'
          : progress?.phase === 'storing'
            ? 'Storing the verdicts'
            : 'Reading the digests'
      }
      done={progress?.done ?? 0}
      total={progress?.total}
      unit="digests"
      onCancel={judging.cancel}
    />
  )
}

function Part({
  n,
  of,
  words,
  isBad = false,
}: {
  readonly n: number
  readonly of?: number
  readonly words: string
  readonly isBad?: boolean
}) {
  if (n === 0 && (of === undefined || of === 0)) return null
  return (
    <span className={isBad ? css['bad'] : undefined}>
      <b>{grouped(n)}</b>
      {of !== undefined && ` of ${grouped(of)}`} {words}
    </span>
  )
}

const verdictWord: Readonly<Record<MarkKind, string>> = {
  proven: 'proven',
  listed: 'not proven',
  altered: 'altered',
  missing: 'incomplete',
  none: 'no proof',
}

function verdictKind({ judgedMs, logs, digests, severities }: Overview): MarkKind {
  if (judgedMs === null) return 'none'
  if (logs.modified + logs.trailingData + logs.unreadable + digests.invalid > 0) return 'altered'
  if (severities.high + severities.medium + logs.missing > 0) return 'missing'
  if (logs.total === 0 && digests.total === 0) return 'none'
  if (logs.proven > 0 && logs.listedUnproven === 0) return 'proven'
  return digests.total > 0 ? 'listed' : 'none'
}
