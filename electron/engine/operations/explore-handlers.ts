import { formatUtc, utcMs } from '#shared/base/time.ts'
import type { EngineAccess, EngineHandlers } from '../engine-access.ts'
import { appendCustody } from '../annotations/custody.ts'
import { integrityOf } from '../integrity/case-integrity.ts'
import { entityOf, listEntities } from '../queries/entity-page.ts'
import { writeSqlCsv } from '../exchange/formats/write-sql-csv.ts'
import { coverageOf, makeOverview } from '../queries/overview.ts'
import { runSql } from '../queries/sql-console.ts'

type Names = 'cases.overview' | 'entities.list' | 'entities.get' | 'sql.export'

export function exploreHandlers(engine: EngineAccess): Pick<EngineHandlers, Names> {
  const timed = () => {
    const started = performance.now()
    return () => Math.round((performance.now() - started) * 10) / 10
  }
  return {
    'cases.overview': async ({ caseId, query }, { signal }) => {
      const elapsed = timed()
      const open = engine.case(caseId)
      const world = await open.world()
      const { events, ...said } = await makeOverview(world, query, signal)
      return {
        total: events.count(),
        all: world.index.total,
        moreComing: open.importing,
        coverage: coverageOf((await integrityOf(open).stored())?.summary),
        ...said,
        milliseconds: elapsed(),
      }
    },
    'entities.list': async ({ caseId, query, ...wanted }, { signal }) => {
      const open = engine.case(caseId)
      const world = await open.world()
      const { events, ...said } = await listEntities(world, query, wanted, signal)
      return { total: events.count(), all: world.index.total, moreComing: open.importing, ...said }
    },
    'entities.get': async ({ caseId, query, kind, value }, { signal }) => {
      const elapsed = timed()
      const open = engine.case(caseId)
      const world = await open.world()
      const { events, ...said } = await entityOf(world, query, kind, value, signal)
      return {
        total: events.count(),
        all: world.index.total,
        moreComing: open.importing,
        ...said,
        milliseconds: elapsed(),
      }
    },
    'sql.export': async ({ caseId, sql, limit, timeoutMs, grant }, { signal }) => {
      const open = engine.case(caseId)
      const path = engine.host.spend(grant)
      const result = await runSql(open.file, sql, { rows: limit, milliseconds: timeoutMs }, signal, engine.setting.now)
      const { title, number } = await open.header()
      const { file, sidecar } = await writeSqlCsv(path, result, {
        statement: sql,
        case: { title, number },
        tool: `Trailcase ${engine.setting.version} (${engine.setting.commit})`,
        madeAt: formatUtc(utcMs(engine.setting.now())),
        examiner: open.examiner?.name ?? 'not stated',
      })
      // Evidence has left the case: the log says with which statement, as for every export.
      const said = { format: 'sql-csv', statement: sql, rows: result.rows.length, files: [file] }
      await open.file.transaction((tx) => appendCustody(tx, open.act('events.export', said)))
      return { rows: result.rows.length, truncated: result.truncated, file, sidecar }
    },
  }
}
