import type { QueryNode } from '#shared/domain/query/ast.ts'
import type { EngineAccess, EngineHandlers } from '../engine-access.ts'
import type { OpenCase } from '../open-case.ts'
import { Refusal } from '../refusal.ts'
import { countEvery, countGroups, countValues } from '../queries/count-events.ts'
import { readEvent } from '../queries/event-details.ts'
import { readRows } from '../queries/event-rows.ts'
import { facetValues } from '../queries/facet-values.ts'
import { facetVector, isTagField } from '../queries/facet-vector.ts'
import { histogram } from '../queries/histogram.ts'
import { evaluate } from '../queries/evaluate.ts'
import { ask } from '../queries/question.ts'
import { runSql } from '../queries/sql-console.ts'
import { tagFacet } from '../queries/tag-facet.ts'
import { documentedViews } from '../storage/schema.ts'

type Names =
  | 'events.find'
  | 'events.count'
  | 'events.facets'
  | 'events.histogram'
  | 'events.get'
  | 'events.locate'
  | 'events.values'
  | 'sql.run'
  | 'sql.schema'

export function eventHandlers(engine: EngineAccess): Pick<EngineHandlers, Names> {
  const timed = () => {
    const started = performance.now()
    return () => Math.round((performance.now() - started) * 10) / 10
  }
  const ofAll = (open: OpenCase, total: number, all: number) => ({ total, all, moreComing: open.importing })
  return {
    'events.find': async ({ caseId, query, offset, limit, fields }, { signal }) => {
      const elapsed = timed()
      const open = engine.case(caseId)
      const world = await open.world()
      const { events, scanned } = await ask(world, query, signal)
      const positions = events.page(offset, limit, query.sort === '-eventTime')
      const rows = await readRows(world, positions, fields, open.annotated)
      return { ...ofAll(open, events.count(), world.index.total), rows, milliseconds: elapsed(), scanned }
    },
    'events.count': async ({ caseId, query, by, everyMs, top }, { signal }) => {
      const world = await engine.case(caseId).world()
      const { events } = await ask(world, query, signal)
      const fields = await Promise.all(by.map((field) => facetVector(world, field)))
      const total = events.count()
      if (everyMs !== undefined) {
        const groups = countEvery(world.index, events, everyMs, fields).map(({ startMs, key, ...g }) => ({
          ...g,
          key: [new Date(startMs).toISOString().replace('.000Z', 'Z'), ...key],
        }))
        return { total, groups: groups.slice(0, top) }
      }
      return { total, groups: fields.length === 0 ? [] : countGroups(world.index, events, fields).slice(0, top) }
    },
    'events.facets': async ({ caseId, query, fields, each, ...all }, { signal }) => {
      const elapsed = timed()
      const open = engine.case(caseId)
      const world = await open.world()
      const { events } = await ask(world, query, signal)
      const facets = []
      for (const field of fields) {
        const own = each.find((one) => one.field === field)
        const top = own?.top ?? all.top
        const rareFirst = own?.rareFirst ?? all.rareFirst
        const wanted = (own?.search ?? all.search).toLowerCase()
        if (isTagField(field)) {
          facets.push(tagFacet(await world.tags(), events, { wanted, rareFirst, top }))
          continue
        }
        const facet = await facetVector(world, field)
        facets.push({ field, ...facetValues(world.index, events, facet, { wanted, rareFirst, top }) })
      }
      return { ...ofAll(open, events.count(), world.index.total), facets, milliseconds: elapsed() }
    },
    'events.histogram': async ({ caseId, query, buckets, stackBy, stacks }, { signal }) => {
      const elapsed = timed()
      const open = engine.case(caseId)
      const world = await open.world()
      const { index } = world
      const { events } = await ask(world, query, signal)
      const fromMs = query.from ?? index.timeAt(Math.min(index.firstDated, index.length - 1)) ?? 0
      const toMs = query.to ?? (index.timeAt(index.length - 1) ?? 0) + 1
      const stack = stackBy === undefined ? undefined : { by: await facetVector(world, stackBy), count: stacks }
      const drawn =
        index.length === 0
          ? { startMs: 0, bucketMs: 1000, series: [] }
          : await histogram(index, events, { fromMs, toMs }, buckets, stack)
      return {
        ...ofAll(open, events.count(), index.total),
        startMs: drawn.startMs,
        bucketMs: drawn.bucketMs,
        series: drawn.series.map((s) => ({ label: s.label, counts: [...s.counts] })),
        milliseconds: elapsed(),
      }
    },
    'events.get': async ({ caseId, id }) => {
      const open = engine.case(caseId)
      const world = await open.world()
      if (id > world.index.length) throw new Refusal('not-found', 'There is no such event in this case.')
      const [row] = await readRows(world, [world.index.positionOf(id)], [], open.annotated)
      if (!row) throw new Refusal('not-found', 'There is no such event in this case.')
      const { raw, ...record } = await readEvent(open.file.reader, open.inflated, id)
      return { row, ...record, rawBase64: raw.toString('base64') }
    },
    'events.locate': async ({ caseId, eventID, id, query }, { signal }) => {
      const world = await engine.case(caseId).world()
      const { index } = world
      const named = eventID === undefined ? undefined : await evaluate(world, byEventID(eventID), signal)
      const ids = named ? named.events.page(0, 1000).map((p) => index.eventAt(p)) : id === undefined ? [] : [id]
      const wanted = ids[0]
      if (query === undefined || wanted === undefined || wanted > index.length) return { ids, index: null }
      const { events } = await ask(world, query, signal)
      const position = index.positionOf(wanted)
      if (!events.has(position)) return { ids, index: null }
      return { ids, index: query.sort === 'eventTime' ? events.count(0, position) : events.count(position + 1) }
    },
    'events.values': async ({ caseId, field, text, limit }) => {
      const world = await engine.case(caseId).world()
      const facet = await facetVector(world, field)
      const { texts } = facet
      const counts = countValues(world.index, world.index.visible, facet)
      const wanted = text.toLowerCase()
      const found: { value: string; count: number; starts: boolean }[] = []
      for (const [id, value] of texts.entries()) {
        if (value === null || counts[id] === 0) continue
        const at = value.toLowerCase().indexOf(wanted)
        if (at >= 0) found.push({ value, count: counts[id]!, starts: at === 0 })
      }
      found.sort((a, b) => Number(b.starts) - Number(a.starts) || b.count - a.count || (a.value < b.value ? -1 : 1))
      return { values: found.slice(0, limit).map(({ value, count }) => ({ value, count })) }
    },
    'sql.run': ({ caseId, sql, limit, timeoutMs }, { signal, progress }) => {
      const open = engine.case(caseId)
      const started = engine.setting.now()
      const timer = setInterval(() => progress({ seconds: (engine.setting.now() - started) / 1000 }), 250)
      return runSql(open.file, sql, { rows: limit, milliseconds: timeoutMs }, signal, engine.setting.now).finally(() =>
        clearInterval(timer),
      )
    },
    'sql.schema': async ({ caseId }) => {
      const { reader } = engine.case(caseId).file
      const views = []
      for (const name of documentedViews) {
        const columns = await reader.all<{ name: string }>(`select name from pragma_table_info('${name}')`)
        views.push({ name, columns: columns.map((c) => c.name) })
      }
      return { views }
    },
  }
}

const byEventID = (value: string): QueryNode => ({
  kind: 'equals',
  field: { kind: 'identifier', field: 'eventID' },
  value,
  span: { start: 0, end: 0 },
})
