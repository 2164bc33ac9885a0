import { useState } from 'react'
import { Printer } from 'lucide-react'
import { counted } from '#shared/base/count.ts'
import type { AnnotationStateShown } from '#shared/contract/annotations.ts'
import { useAnnotations } from '#renderer/client/annotations.ts'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useJob } from '#renderer/client/use-job.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { Button } from '#renderer/ui/button.tsx'
import { cx } from '#renderer/ui/cx.ts'
import { ErrorState, Skeleton } from '#renderer/ui/states.tsx'
import { SplitPanes } from '#renderer/ui/split-panes.tsx'
import { Tabs } from '#renderer/ui/tabs.tsx'
import { useKeyCommands } from '#renderer/ui/use-keys.tsx'
import { timeText } from '#shared/base/zone.ts'
import { Findings } from './finding-editor.tsx'
import { PageView } from './page-view.tsx'
import { PrintDialog } from './print-dialog.tsx'
import { missingForFinal, ReportData } from './report-data.tsx'
import { StoryBlocks } from './story-blocks.tsx'
import { firstWish, reportInput, type Wish } from './wish.ts'
import { Unseen } from '#renderer/ui/unseen.tsx'
import css from './story.module.css'

const FINDING = 'finding:'

/** The story: written on the left, the printed page on the right, as it would print now. */
export function StoryView() {
  const { state } = useAnnotations()
  return state ? <Story said={state} /> : <Skeleton lines={8} label="Reading the story" />
}

function Story({ said }: { readonly said: AnnotationStateShown }) {
  const open = useOpenCase()
  const about = useWorkspace((w) => w.view.about)
  const finding = about?.startsWith(FINDING) === true ? about.slice(FINDING.length) : null
  const [tab, setTab] = useState('story')
  const [wish, setWish] = useState<Wish>(firstWish)
  const [isPrinting, setIsPrinting] = useState(false)
  const job = useJob('report.make')
  const isReadOnly = open.readOnly !== null
  const openFinding = (id: string | null): void => {
    useWorkspace.getState().look({ about: id === null ? null : `${FINDING}${id}` })
    if (id !== null) setTab('findings')
  }
  useKeyCommands([
    { id: 'print', label: 'Print the report', keys: ['p'], scope: 'Story', run: () => setIsPrinting(true) },
    { id: 'story-up', label: 'Move the block up', keys: ['Alt+ArrowUp'], scope: 'Story' },
    { id: 'story-down', label: 'Move the block down', keys: ['Alt+ArrowDown'], scope: 'Story' },
  ])
  return (
    <>
      <Unseen as="h1">Story</Unseen>
      <SplitPanes
        id="story"
        direction="row"
        panes={[
          {
            id: 'write',
            size: '44%',
            least: '360px',
            children: (
              <div className={css['write']}>
                <Tabs
                  label="What to write"
                  selected={finding !== null && tab === 'story' ? 'findings' : tab}
                  onSelect={(id) => {
                    setTab(id)
                    if (id !== 'findings' && finding !== null) openFinding(null)
                  }}
                  tools={
                    <Button tone="primary" icon={Printer} keys="p" onPress={() => setIsPrinting(true)}>
                      Print
                    </Button>
                  }
                  items={[
                    {
                      id: 'story',
                      label: 'Story',
                      count: String(said.story.length),
                      children: <StoryBlocks said={said} isReadOnly={isReadOnly} onFinding={openFinding} />,
                    },
                    {
                      id: 'findings',
                      label: 'Findings',
                      count: String(said.findings.length),
                      children: <Findings said={said} isReadOnly={isReadOnly} open={finding} onOpen={openFinding} />,
                    },
                    { id: 'data', label: 'Report data', children: <ReportData isReadOnly={isReadOnly} /> },
                  ]}
                />
                <Completeness said={said} />
              </div>
            ),
          },
          { id: 'page', least: '320px', children: <Preview wish={wish} /> },
        ]}
      />
      {isPrinting && (
        <PrintDialog wish={wish} onWish={setWish} said={said} job={job} onClose={() => setIsPrinting(false)} />
      )}
    </>
  )
}

/** What stands between this story and a final report. */
function Completeness({ said }: { readonly said: AnnotationStateShown }) {
  const { header, readOnly } = useOpenCase()
  const missing = missingForFinal(header)
  const bare = said.findings.filter((one) => one.kind === 'fact' && one.exhibits.length === 0).length
  const lines = [
    ...(readOnly === null ? [] : [readOnly]),
    ...(missing.length > 0
      ? [`Not final yet: ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing (Report data).`]
      : []),
    ...(bare > 0 ? [`${counted(bare, 'fact')} without an exhibit.`] : []),
    ...(said.conflicts.length > 0
      ? [`${counted(said.conflicts.length, 'value')} written twice without knowledge of each other; choose one.`]
      : []),
  ]
  return (
    <div className={css['complete']} role="status" aria-label="What is missing">
      {lines.length === 0 ? 'Nothing is missing for a final report.' : lines.join(' ')}
    </div>
  )
}

function Preview({ wish }: { readonly wish: Wish }) {
  const { caseId } = useOpenCase()
  const query = useWorkspace((w) => w.view.query)
  const preview = useAsk('report.preview', { caseId, ...reportInput(wish, query) })
  if (!preview.value)
    return preview.failure ? (
      <ErrorState
        title={preview.failure.message}
        safe="Nothing in the case was changed."
        advice="Change what is printed (Print), or try again."
        code={preview.failure.code}
        actions={<Button onPress={preview.again}>Try again</Button>}
      />
    ) : (
      <Skeleton lines={10} label="Checking the originals and drawing the page" />
    )
  const { html, status, integrityFailed, checkedMs } = preview.value
  return (
    <div className={css['preview']}>
      <div className={css['previewHead']}>
        <span>
          <b>{status}</b> as it would print now
        </span>
        {integrityFailed && <span className={css['gone']}>a check failed: it says so on every page</span>}
        <span className={css['quiet']}>
          checked {timeText(Math.floor(checkedMs / 1000) * 1000)}, again when printed
        </span>
      </div>
      <div className={cx(css['desk'], preview.isStale && css['stale'])}>
        <PageView html={html} label="Printed page" />
      </div>
    </div>
  )
}
