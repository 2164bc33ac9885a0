import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { termNumber } from '#shared/domain/fields.ts'
import { insertRows } from '#engine/storage/case-file.ts'
import { eventsWithTerm } from '#engine/vectors/events-with-term.ts'
import { packSegment, widthOf } from '#engine/vectors/segments.ts'
import { annotatedCase } from '#test/electron/engine/annotations/annotated-case.ts'

describe('events with one of some values', () => {
  it('are found in any pieces of any width, and no others', async () => {
    const { engine, open } = await annotatedCase('09:00 alice ListUsers')
    const value = fc.oneof(fc.constant(0), fc.nat(3), fc.constantFrom(300, 70_000))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(value, { minLength: 1, maxLength: 4 }), { maxLength: 4 }),
        fc.uniqueArray(fc.constantFrom<number[]>(1, 2, 300, 70_000)),
        async (parts, wanted) => {
          await open.file.transaction(async (tx) => {
            await tx.run('delete from segment')
            let first = 1
            for (const part of parts) {
              const values = Uint32Array.from(part)
              const width = widthOf(values)
              const bytes = width === 0 ? null : packSegment(values, width)
              await insertRows(tx, 'segment', [[null, termNumber('eventName'), first, part.length, width, bytes]])
              first += part.length
            }
          })
          const all = parts.flat().flatMap((v, n) => (wanted.includes(v) ? [n + 1] : []))
          expect(await eventsWithTerm(open.file.reader, 'eventName', new Set(wanted))).toEqual(all)
          expect(await eventsWithTerm(open.file.reader, 'awsRegion', new Set(wanted))).toEqual([])
        },
      ),
      { numRuns: 30 },
    )
    await engine.closeAll()
  })
})
