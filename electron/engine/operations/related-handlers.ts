import type { EngineAccess, EngineHandlers } from '../engine-access.ts'
import { compareValues } from '../queries/compare-events.ts'
import { readRows } from '../queries/event-rows.ts'
import { facetVector } from '../queries/facet-vector.ts'
import { ask } from '../queries/question.ts'
import { relatedFields, relationsOf } from '../queries/related-events.ts'
import { Refusal, stopIfCancelled } from '../refusal.ts'

/** What one event has in common with others, and what sets one group of events apart from another. */
export function relatedHandlers(engine: EngineAccess): Pick<EngineHandlers, 'events.related' | 'events.compare'> {
  return {
    'events.related': async ({ caseId, id }, { signal }) => {
      const open = engine.case(caseId)
      const world = await open.world()
      if (id > world.index.length) throw new Refusal('not-found', 'There is no such event in this case.')
      const [row] = await readRows(world, [world.index.positionOf(id)], relatedFields, open.annotated)
      if (!row) throw new Refusal('not-found', 'There is no such event in this case.')
      const relations = []
      for (const relation of relationsOf(row)) {
        const { events } = await ask(world, relation.query, signal)
        relations.push({
          ...relation,
          query: { ...relation.query, facets: [...relation.query.facets] },
          count: events.count(),
        })
      }
      return { relations }
    },
    'events.compare': async ({ caseId, inside, outside, fields, top }, { signal }) => {
      const started = performance.now()
      const world = await engine.case(caseId).world()
      const here = (await ask(world, inside, signal)).events
      const rest = (await ask(world, outside, signal)).events.andNot(here)
      const compared = []
      for (const field of fields) {
        stopIfCancelled(signal)
        const values = compareValues(world.index, await facetVector(world, field), here, rest, top)
        if (values.length > 0) compared.push({ field, score: values[0]!.score, values: [...values] })
      }
      compared.sort((a, b) => b.score - a.score)
      return {
        inside: here.count(),
        outside: rest.count(),
        fields: compared,
        milliseconds: Math.round((performance.now() - started) * 10) / 10,
      }
    },
  }
}
