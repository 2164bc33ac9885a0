import { useMemo } from 'react'
import { assertNever } from '#shared/base/assert.ts'
import { counted, grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import { queryWords, type RangeWords } from '#shared/domain/query/query-words.ts'
import { useForget } from '#renderer/client/engine-context.tsx'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useLongQuestions } from '#renderer/client/use-long-questions.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { rangeText } from '#renderer/ui/date-time-range.tsx'
import { timeText, type Zone } from '#shared/base/zone.ts'
import { useExaminer } from './examiner.tsx'
import { useIntake } from './intake.tsx'
import { useZone } from '#renderer/client/use-zone.ts'
import css from './shell.module.css'

/** How many events of how many, which question that answers, what is going on, and who works here. */
export function StatusBar() {
  const open = useOpenCase()
  const query = useWorkspace((w) => w.view.query)
  const zone = useZone()
  const found = useAsk('events.find', { caseId: open.caseId, query, offset: 0, limit: 0, fields: [] })
  const words = useMemo(() => queryWords(query, rangeIn(zone)), [query, zone])
  const examiner = useExaminer()
  return (
    <footer className={css['status']}>
      <span className={found.isStale ? css['stale'] : undefined} role="status" aria-label="Events found">
        {found.value ? (
          <>
            <b>{grouped(found.value.total)}</b> of {counted(found.value.all, 'event')}
          </>
        ) : (
          (found.failure?.message ?? 'Counting')
        )}
      </span>
      {words !== '' && (
        <span className={css['echo']} title={words}>
          {words}
        </span>
      )}
      <span className={css['statusSpace']} />
      <LongQuestions />
      <IntakeWords all={found.value?.all ?? open.events} />
      {open.readOnly === null ? (
        <button type="button" className={css['statusButton']} onClick={examiner.ask} title="Who works on this case">
          {visible(open.examiner?.name ?? '')}
        </button>
      ) : (
        <button type="button" className={css['statusWarn']} onClick={examiner.ask} title={open.readOnly}>
          Read only: say who works on it
        </button>
      )}
    </footer>
  )
}

/** What takes longer than a second to answer, with a way to stop it; nothing else has to wait for it. */
function LongQuestions() {
  const asked = useLongQuestions()
  switch (asked.kind) {
    case 'none':
      return null
    case 'running':
      return (
        <span role="status" aria-label="Being answered">
          Answering, {grouped(asked.seconds)} s
          <button type="button" className={css['statusButton']} onClick={asked.stop}>
            Stop
          </button>
        </span>
      )
    case 'stopped':
      return (
        <span role="status" aria-label="Stopped">
          Stopped: what is dimmed answers an earlier question
          <button type="button" className={css['statusButton']} onClick={asked.again}>
            Ask again
          </button>
        </span>
      )
    default:
      return assertNever(asked)
  }
}

/** The import, and whether it brought events that are not shown yet. */
function IntakeWords({ all }: { readonly all: number }) {
  const open = useOpenCase()
  const go = useWorkspace((w) => w.go)
  const forget = useForget()
  const { job } = useIntake()
  if (job.state.kind !== 'running') return null
  const { progress } = job.state
  const seconds = (progress?.elapsedMs ?? 0) / 1000
  const part =
    progress?.filesTotal === undefined || progress.filesTotal === 0
      ? ''
      : ` ${Math.floor((progress.files / progress.filesTotal) * 100)} %`
  return (
    <>
      {open.events > all && (
        <button type="button" className={css['statusButton']} onClick={() => void forget(open.caseId)}>
          Show {counted(open.events - all, 'new event')}
        </button>
      )}
      <button type="button" className={css['statusButton']} onClick={() => go('evidence')}>
        Import{part}
        {seconds > 1 && progress ? `, ${grouped(progress.events / seconds)} events/s` : ''}
      </button>
    </>
  )
}

/** A range in the zone that is chosen, an open end said as such. */
const rangeIn =
  (zone: Zone): RangeWords =>
  (from, to) => {
    if (from !== undefined && to !== undefined) return rangeText({ from, to }, zone)
    if (from !== undefined) return `from ${timeText(from, zone)}`
    return to === undefined ? '' : `before ${timeText(to, zone)}`
  }
