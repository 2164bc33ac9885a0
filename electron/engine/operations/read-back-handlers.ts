import type { InputOf, OutputOf, ProgressOf } from '#shared/contract/contract.ts'
import { tagKey } from '#shared/domain/annotation.ts'
import type { EngineAccess, EngineHandlers } from '../engine-access.ts'
import { applyImport, summaryOf } from '../exchange/read-back/apply-import.ts'
import { planImport, type PlannedImport } from '../exchange/read-back/plan-import.ts'
import type { OpenCase } from '../open-case.ts'
import { Refusal } from '../refusal.ts'

type Wish = InputOf<'annotations.importPreview'>
type Told = (progress: ProgressOf<'annotations.import'>) => void

/** Tags and comments that come back in a table. */
export function readBackHandlers(
  engine: EngineAccess,
): Pick<EngineHandlers, 'annotations.importPreview' | 'annotations.import'> {
  const planned = async (open: OpenCase, wish: Wish, told: Told, signal: AbortSignal): Promise<PlannedImport> => {
    const { columns, zoneless, author } = wish
    const path = engine.host.spend(wish.grant)
    const given = Object.fromEntries(Object.entries(columns).filter(([, name]) => name !== undefined))
    return planImport(
      open,
      await open.world(),
      { path, columns: given, zoneless, author },
      (p) => told({ step: 'reading', ...p }),
      signal,
    )
  }
  return {
    'annotations.importPreview': async (wish, { signal, progress }) => {
      const open = engine.case(wish.caseId)
      return shown(open, await planned(open, wish, progress, signal))
    },
    'annotations.import': async ({ sha256, ...wish }, { signal, progress }) => {
      const open = engine.case(wish.caseId)
      open.requireExaminer()
      return open.annotated.exclusive(async () => {
        const made = await planned(open, wish, progress, signal)
        if (sha256 !== undefined && made.source.sha256 !== sha256)
          throw new Refusal('bad-input', `${made.source.file} has changed since it was looked at. Look at it again.`)
        const answer = shown(open, made)
        const act = await applyImport(open, made, (p) => progress({ step: 'writing', ...p }), signal)
        return { ...answer, act }
      })
    },
  }
}

/** What a plan adds, for people. Asked before it is written: afterwards no tag is new. */
function shown(open: OpenCase, { source, plan }: PlannedImport): OutputOf<'annotations.importPreview'> {
  const { state } = open.annotated
  const { file, bytes, sha256, kind } = source
  const { rows, silent, already, left } = plan
  const { bookmarks, notes } = summaryOf(plan)
  const tags = plan
    .tags()
    .map(({ name, events }) => ({ name, events: events.length, isNew: !state.tags.has(tagKey(name)) }))
    .sort((a, b) => b.events - a.events || (a.name < b.name ? -1 : 1))
  const reasons = [...left.reasons].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count)
  return {
    ...{ file, bytes, sha256, kind, rows, silent, already, tags, bookmarks, notes },
    left: { total: left.total, reasons, first: [...left.first].sort((a, b) => a.line - b.line) },
  }
}
