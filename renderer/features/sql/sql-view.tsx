import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Download, Play, Save, Square } from 'lucide-react'
import { counted } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useJob } from '#renderer/client/use-job.ts'
import { useWindow } from '#renderer/client/window-services.ts'
import { savedSqlId, useSavedSearches, type Saved } from '#renderer/client/saved-searches.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { Select } from '#renderer/ui/select.tsx'
import { SplitPanes } from '#renderer/ui/split-panes.tsx'
import { TextField } from '#renderer/ui/text-field.tsx'
import { Toolbar, ToolbarSpace } from '#renderer/ui/toolbar.tsx'
import { useKeyCommands } from '#renderer/ui/use-keys.tsx'
import { readyMade } from './ready-made.ts'
import { SqlEditor, type Views } from './sql-editor.tsx'
import { noteRun, readHistory } from './sql-history.ts'
import { SqlLists, type SavedSql } from './sql-lists.tsx'
import { SqlResult } from './sql-result.tsx'
import { useDraft } from './use-draft.ts'
import { Unseen } from '#renderer/ui/unseen.tsx'
import css from './sql.module.css'

const NO_VIEWS: Views = []
const LIMITS = ['1000', '10000', '100000'] as const
const TIMES = ['10', '30', '120', '600'] as const
type Answered = { readonly sql: string; readonly value: OutputOf<'sql.run'>; readonly run: number }

/** The SQL console: one SELECT over the documented views, its rows below. */
export function SqlView() {
  const { caseId, uuid } = useOpenCase()
  const schema = useAsk('sql.schema', { caseId })
  const views = useMemo(() => schema.value?.views ?? NO_VIEWS, [schema.value])
  const [text, setText] = useDraft(uuid, readyMade[0]?.sql ?? '')
  const [limit, setLimit] = useState<(typeof LIMITS)[number]>('1000')
  const [time, setTime] = useState<(typeof TIMES)[number]>('30')
  const [answered, setAnswered] = useState<Answered | undefined>(undefined)
  const [history, setHistory] = useState(() => readHistory(uuid))
  const job = useJob('sql.run')
  const saved = useSavedSearches()
  const statements = useMemo(() => (saved.list ?? []).filter(isStatement), [saved.list])
  const [naming, setNaming] = useState<'new' | SavedSql | null>(null)
  const exporting = useSqlExport(text, time)
  const { start } = job

  const run = useCallback(
    async (sql: string): Promise<void> => {
      const reply = await start({ caseId, sql, limit: Number(limit), timeoutMs: Number(time) * 1000 })
      if (!reply.ok) return
      setAnswered((before) => ({ sql, value: reply.value, run: (before?.run ?? 0) + 1 }))
      setHistory(noteRun(uuid, { sql, atMs: Date.now(), rows: reply.value.rows.length }))
    },
    [start, caseId, uuid, limit, time],
  )
  useEffect(() => setHistory(readHistory(uuid)), [uuid])
  useSavedInAddress(statements, setText)
  const running = job.state.kind === 'running'
  const stopping = job.state.kind === 'running' && job.state.stopping
  useKeyCommands([
    { id: 'sql-run', label: 'Run the statement', keys: ['Mod+Enter'], scope: 'SQL', run: () => void run(text) },
  ])
  const take = (sql: string, runs: boolean): void => {
    setText(sql)
    if (runs) void run(sql)
  }

  return (
    <div className={css['view']}>
      <Unseen as="h1">SQL</Unseen>
      <SplitPanes
        id="sql-columns"
        direction="row"
        panes={[
          {
            id: 'statements',
            size: '288px',
            least: '180px',
            collapsible: true,
            children: (
              <SqlLists
                history={history}
                saved={statements}
                isReadOnly={saved.isReadOnly}
                views={views}
                onTake={take}
                onRename={setNaming}
                onRemove={(one) => void saved.remove(one)}
              />
            ),
          },
          {
            id: 'console',
            children: (
              <SplitPanes
                id="sql-rows"
                direction="column"
                panes={[
                  {
                    id: 'editor',
                    size: '34%',
                    least: '96px',
                    children: (
                      <div className={css['upper']}>
                        <Toolbar label="Statement">
                          {running ? (
                            <Button icon={Square} onPress={job.cancel}>
                              {stopping ? 'Stopping' : 'Cancel'}
                            </Button>
                          ) : (
                            <Button tone="primary" icon={Play} keys="Mod+Enter" onPress={() => void run(text)}>
                              Run
                            </Button>
                          )}
                          <Select
                            look="inline"
                            label="At most"
                            value={limit}
                            onChange={setLimit}
                            options={LIMITS.map((id) => ({ id, label: counted(Number(id), 'row') }))}
                          />
                          <Select
                            look="inline"
                            label="Within"
                            value={time}
                            onChange={setTime}
                            options={TIMES.map((id) => ({ id, label: `${id} s` }))}
                          />
                          <ToolbarSpace />
                          <Button
                            tone="quiet"
                            icon={Save}
                            onPress={() => setNaming('new')}
                            isDisabled={saved.isReadOnly}
                          >
                            Save
                          </Button>
                          <Button
                            tone="quiet"
                            icon={Download}
                            onPress={() => void exporting.write()}
                            isDisabled={exporting.running}
                          >
                            {exporting.running ? 'Writing' : 'Export CSV'}
                          </Button>
                        </Toolbar>
                        <SqlEditor value={text} onChange={setText} onRun={() => void run(text)} views={views} />
                        <State job={job.state} />
                      </div>
                    ),
                  },
                  {
                    id: 'rows',
                    children: <SqlResult answered={answered} isStale={running} />,
                  },
                ]}
              />
            ),
          },
        ]}
      />
      {naming !== null && (
        <NameDialog
          first={naming === 'new' ? '' : naming.name}
          onClose={() => setNaming(null)}
          onSave={(name) => (naming === 'new' ? saved.saveSql(name, text) : saved.rename(naming, name))}
        />
      )}
    </div>
  )
}

/** How long it has run, or why it did not. */
function State({ job }: { readonly job: ReturnType<typeof useJob<'sql.run'>>['state'] }) {
  if (job.kind === 'running')
    return (
      <p className={css['state']} role="status">
        Running{job.progress ? `, ${Math.round(job.progress.seconds)} s` : ''}. The case cannot be changed by it.
      </p>
    )
  if (job.kind === 'failed')
    return (
      <p className={css['trouble']} role="alert">
        {visible(job.failure.message)}
      </p>
    )
  return null
}

const isStatement = (one: Saved): one is SavedSql => one.target.kind === 'sql'

/** Puts the saved statement that the address names into the editor, once for each time it is opened. */
function useSavedInAddress(statements: readonly SavedSql[], take: (sql: string) => void): void {
  const about = useWorkspace((w) => w.view.about)
  const step = useWorkspace((w) => w.history.at)
  const taken = useRef('')
  useEffect(() => {
    const id = savedSqlId(about)
    const found = statements.find((one) => one.id === id)
    if (!found || taken.current === `${step} ${found.id}`) return
    taken.current = `${step} ${found.id}`
    take(found.target.sql)
  }, [about, step, statements, take])
}

function NameDialog({
  first,
  onClose,
  onSave,
}: {
  readonly first: string
  readonly onClose: () => void
  readonly onSave: (name: string) => Promise<boolean>
}) {
  const [name, setName] = useState(first)
  const save = async (): Promise<void> => {
    if (name.trim() !== '' && (await onSave(name.trim()))) onClose()
  }
  return (
    <Dialog
      title={first === '' ? 'Save the statement in the case' : 'Rename the statement'}
      isOpen
      onClose={onClose}
      width="narrow"
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button tone="primary" onPress={() => void save()} isDisabled={name.trim() === ''}>
            Save
          </Button>
        </>
      }
    >
      <TextField
        label="Name"
        value={name}
        onChange={setName}
        autoFocus
        onEnter={() => void save()}
        description="It goes with the case and its packages, and stands in the history under your name."
      />
    </Dialog>
  )
}

/** Runs the statement again without the limit of the grid and writes its rows to a file the person chooses. */
function useSqlExport(sql: string, time: string) {
  const { caseId } = useOpenCase()
  const { choose, notify } = useWindow()
  const job = useJob('sql.export')
  const write = async (): Promise<void> => {
    const [chosen] = await choose({ purpose: 'save', title: 'Where to save the rows', suggestedName: 'rows.csv' })
    if (!chosen) return
    const reply = await job.start({ caseId, sql, timeoutMs: Number(time) * 1000, grant: chosen.grant })
    if (!reply.ok) {
      notify({ tone: 'trouble', text: reply.message })
      return
    }
    const { rows, truncated, file, sidecar } = reply.value
    notify({
      tone: truncated ? 'note' : 'done',
      text: `${counted(rows, 'row')} written to ${file.name}${truncated ? ', not all of them: the answer is too large' : ''}, with the statement in ${sidecar}.`,
    })
  }
  return { write, running: job.state.kind === 'running' }
}
