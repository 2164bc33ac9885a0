import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listActs, undoable } from '#engine/annotations/acts.ts'
import { ordersFor } from '#engine/annotations/annotate.ts'
import { revertedIds } from '#engine/annotations/effective.ts'
import { foldAnnotations, type AnnotationState } from '#engine/annotations/fold-annotations.ts'
import { replacesOf, shownValue } from '#engine/annotations/fold-fields.ts'
import { foldTag, type TagOperation } from '#engine/annotations/fold-tags.ts'
import { parseAnnotation, type AnnotationOperation } from '#engine/annotations/operation-bodies.ts'
import { newOperation } from '#engine/annotations/operations-log.ts'
import { uuidV7 } from '#engine/annotations/uuid-v7.ts'

const operation = (
  examiner: string,
  timeMs: number,
  type: string,
  target: string,
  body: Record<string, unknown>,
): AnnotationOperation => {
  const parsed = parseAnnotation(
    newOperation({ timeMs, examiner, type, target, body: { act: uuidV7(timeMs), ...body } }),
  )
  if (!parsed) throw new Error(`not an operation: ${type} ${JSON.stringify(body)}`)
  return parsed
}

/** What a state says, without what only says how it came about. */
const saidBy = ({ objects: _, ...state }: AnnotationState): unknown => ({
  ...state,
  tags: [...state.tags].sort(),
  reverted: [...state.reverted].sort(),
  given: [...state.given].sort((a, b) => (a.exhibit + a.examiner < b.exhibit + b.examiner ? -1 : 1)),
})

/** One laptop: it writes with only its own operations in sight, and now and then takes in those of another. */
class Laptop {
  readonly examiner: string
  operations: AnnotationOperation[] = []
  constructor(examiner: string) {
    this.examiner = examiner
  }
  do(step: Step, timeMs: number): void {
    const { objects } = foldAnnotations(this.operations)
    const write = (type: string, target: string, body: Record<string, unknown>) =>
      this.operations.push(operation(this.examiner, timeMs, type, target, body))
    const set = (type: string, target: string, after: Record<string, unknown>) =>
      write(type, target, { before: {}, after, replaces: replacesOf(objects.get(target), Object.keys(after)) })
    switch (step.kind) {
      case 'title':
        return void set('finding.set', `finding:${step.object}`, { title: step.text })
      case 'order':
        return void set('finding.set', `finding:${step.object}`, { order: step.text.length, kind: 'fact' })
      case 'remove':
        return void write('finding.remove', `finding:${step.object}`, {
          before: {},
          observed: objects.get(`finding:${step.object}`)?.operations.map((o) => o.id) ?? [],
        })
      case 'bookmark':
        return void write('bookmark.add', `event:${'a'.repeat(64)}:${step.object}`, {
          exhibit: 'AR-0001',
          eventID: 'e',
          after: { title: step.text, note: '' },
        })
      case 'define':
        return void set('tag.define', `tag:${step.object}`, { description: step.text })
      case 'undo': {
        const { undo } = undoable(listActs(this.operations), this.examiner)
        if (undo) write('undo', 'annotations', { of: undo.id, reverts: undo.operations.map((o) => o.id) })
        return
      }
      case 'redo': {
        const { redo } = undoable(listActs(this.operations), this.examiner)
        if (redo) write('redo', 'annotations', { of: redo.undo.id, reverts: redo.undo.operations.map((o) => o.id) })
      }
    }
  }
  takeIn(other: Laptop): void {
    this.operations = [...new Map([...this.operations, ...other.operations].map((o) => [o.id, o])).values()]
  }
}

type Step = {
  laptop: number
  kind: 'title' | 'order' | 'remove' | 'bookmark' | 'define' | 'undo' | 'redo'
  object: number
  text: string
  takeIn: number
}
const steps = fc.array(
  fc.record({
    laptop: fc.integer({ min: 0, max: 2 }),
    kind: fc.constantFrom('title', 'order', 'remove', 'bookmark', 'define', 'undo', 'redo'),
    object: fc.integer({ min: 0, max: 3 }),
    text: fc.string({ maxLength: 5 }),
    /** Which other laptop is read before; often none. */
    takeIn: fc.integer({ min: 0, max: 8 }),
  }),
  { maxLength: 40 },
)

describe('merging the annotations of three laptops', () => {
  it('gives the same state in any order, and again when repeated; no operation is lost', () => {
    fc.assert(
      fc.property(steps, fc.integer(), (history, seed) => {
        const laptops = ['A. Rossi', 'K. Meyer', 'A. Rossi'].map((name) => new Laptop(name))
        for (const [n, step] of history.entries()) {
          const own = laptops[step.laptop]!
          const other = laptops[step.takeIn]
          if (other && other !== own) own.takeIn(other)
          // Clocks differ: the second laptop is an hour behind.
          own.do(step, 1_700_000_000_000 + n - (step.laptop === 1 ? 3_600_000 : 0))
        }
        const all = laptops.flatMap((l) => l.operations)
        const place = (id: string) => Buffer.from(id).reduce((h, byte) => Math.imul(h ^ byte, 16_777_619), seed)
        const shuffled = [...all].sort((a, b) => place(a.id) - place(b.id))
        const state = foldAnnotations(all)
        expect(saidBy(foldAnnotations(shuffled))).toEqual(saidBy(state))
        expect(saidBy(foldAnnotations([...all, ...all].reverse()))).toEqual(saidBy(state))
        const [a, b, c] = [new Laptop('x'), new Laptop('x'), new Laptop('x')]
        for (const laptop of laptops) a.takeIn(laptop)
        for (const laptop of [laptops[2]!, laptops[1]!]) b.takeIn(laptop)
        for (const laptop of [b, laptops[0]!]) c.takeIn(laptop)
        expect(new Set(a.operations.map((o) => o.id))).toEqual(new Set(c.operations.map((o) => o.id)))
        expect(saidBy(foldAnnotations(a.operations))).toEqual(saidBy(foldAnnotations(c.operations)))
        expect(new Set(state.bookmarks.map((m) => m.exhibit)).size).toBe(state.bookmarks.length)
      }),
      { numRuns: 150 },
    )
  })

  it('keeps both titles that were written without knowledge of each other, until one is chosen', () => {
    const first = operation('A. Rossi', 1, 'finding.set', 'finding:1', {
      before: {},
      after: { title: 'first' },
      replaces: {},
    })
    const ours = operation('A. Rossi', 2, 'finding.set', 'finding:1', {
      before: {},
      after: { title: 'ours' },
      replaces: { title: [first.id] },
    })
    const theirs = operation('K. Meyer', 3, 'finding.set', 'finding:1', {
      before: {},
      after: { title: 'theirs' },
      replaces: { title: [first.id] },
    })
    const merged = foldAnnotations([theirs, first, ours])
    expect(merged.findings[0]!.title).toBe('theirs')
    expect(merged.conflicts).toMatchObject([
      {
        target: 'finding:1',
        field: 'title',
        values: [
          { value: 'theirs', by: 'K. Meyer' },
          { value: 'ours', by: 'A. Rossi' },
        ],
      },
    ])
    const chosen = operation('A. Rossi', 4, 'finding.set', 'finding:1', {
      before: {},
      after: { title: 'ours' },
      replaces: { title: [ours.id, theirs.id] },
    })
    expect(foldAnnotations([theirs, first, chosen, ours])).toMatchObject({
      conflicts: [],
      findings: [{ title: 'ours' }],
    })
  })

  it('brings a finding back that one removed while another still wrote on it', () => {
    const first = operation('A. Rossi', 1, 'finding.set', 'finding:1', {
      before: {},
      after: { title: 'first' },
      replaces: {},
    })
    const removed = operation('A. Rossi', 2, 'finding.remove', 'finding:1', { before: {}, observed: [first.id] })
    const edited = operation('K. Meyer', 2, 'finding.set', 'finding:1', {
      before: {},
      after: { statement: 'more' },
      replaces: {},
    })
    expect(foldAnnotations([first, removed]).findings).toEqual([])
    expect(foldAnnotations([first, removed, edited]).findings).toMatchObject([{ title: 'first', statement: 'more' }])
  })

  it('tells apart equal exhibit numbers that two laptops gave, the same way on both', () => {
    const add = (n: number) =>
      operation('A. Rossi', n, 'bookmark.add', `event:${'b'.repeat(64)}:${n}`, {
        exhibit: 'AR-0001',
        eventID: '',
        after: { title: String(n), note: '' },
      })
    const [one, two] = [add(1), add(2)]
    const exhibits = foldAnnotations([two, one])
      .bookmarks.map((b) => b.exhibit)
      .sort()
    expect(exhibits).toEqual([`AR-0001~${one.id.slice(-4)}`, `AR-0001~${two.id.slice(-4)}`].sort())
    expect(foldAnnotations([one]).bookmarks[0]!.exhibit).toBe('AR-0001')
  })
})

describe('undo and redo', () => {
  it('come to the same as never having done what stands undone', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('do', 'undo', 'redo'), { maxLength: 40 }), (moves) => {
        const laptop = new Laptop('A. Rossi')
        const [done, undone]: [string[], string[]] = [[], []]
        for (const [n, move] of moves.entries()) {
          laptop.do({ laptop: 0, kind: move === 'do' ? 'bookmark' : move, object: n, text: String(n), takeIn: 9 }, n)
          if (move === 'do') {
            done.push(String(n))
            undone.length = 0
          } else {
            const [from, to] = move === 'undo' ? [done, undone] : [undone, done]
            const last = from.pop()
            if (last !== undefined) to.push(last)
          }
        }
        expect(
          foldAnnotations(laptop.operations)
            .bookmarks.map((b) => b.title)
            .sort(),
        ).toEqual([...done].sort())
      }),
      { numRuns: 150 },
    )
  })

  it('that name each other in a ring stand for nothing', () => {
    expect([
      ...revertedIds([
        { id: 'a', reverts: ['b', 'x'] },
        { id: 'b', reverts: ['a', 'y'] },
        { id: 'c', reverts: ['z'] },
      ]),
    ]).toEqual(['z'])
  })
})

describe('the events of a tag', () => {
  it('are those added, less those whose addition a removal saw', () => {
    const id = fc.integer({ min: 0, max: 9 }).map(String)
    const events = fc
      .uniqueArray(fc.integer({ min: 1, max: 70 }), { maxLength: 20 })
      .map((e) => Uint32Array.from(e).sort())
    const some = fc.array(
      fc.record({ kind: fc.constantFrom('add', 'remove'), events, observed: fc.array(id, { maxLength: 4 }) }),
      { maxLength: 10 },
    )
    fc.assert(
      fc.property(some, (made) => {
        const operations = made.map((o, n): TagOperation => ({
          ...o,
          kind: o.kind,
          id: String(n),
          tag: 't',
        }))
        const expected = new Set<number>()
        for (const add of operations.filter((o) => o.kind === 'add'))
          for (const event of add.events)
            if (!operations.some((o) => o.kind === 'remove' && o.observed.includes(add.id) && o.events.includes(event)))
              expected.add(event)
        const found: number[] = []
        foldTag([...operations].reverse(), 70).each((bit) => found.push(bit + 1))
        expect(found).toEqual([...expected].sort((a, b) => a - b))
      }),
      { numRuns: 150 },
    )
  })
})

describe('places in the story', () => {
  it('stay where they are for blocks that stay, and ascend for all', () => {
    expect(ordersFor([1, 2, undefined, 3])).toEqual([1, 2, 2.5, 3])
    expect(ordersFor([3, 1, 2])).toEqual([0, 1, 2])
    expect(ordersFor([undefined, undefined])).toEqual([1, 2])
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.integer({ min: 0, max: 50 }), { nil: undefined }), { maxLength: 30 }),
        (known) => {
          const orders = ordersFor(known)
          expect(orders).toHaveLength(known.length)
          for (let n = 1; n < orders.length; n++) expect(orders[n]!).toBeGreaterThan(orders[n - 1]!)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('are counted anew when there is no room left between two neighbours', () => {
    let orders = [1, 2]
    for (let n = 0; n < 200; n++) orders = ordersFor([orders[0], undefined, ...orders.slice(1)])
    expect(orders.every((order, n) => n === 0 || order > orders[n - 1]!)).toBe(true)
  })
})

describe('operations from elsewhere', () => {
  it('are not understood unless every part has its form', () => {
    const raw = (type: string, body: unknown) =>
      parseAnnotation({ id: 'x', timeMs: 1, examiner: 'x', type, target: 'x', body })
    expect(raw('tag.add', { act: 'a', tag: 't', files: { ['a'.repeat(64)]: '0-3' } })).toBeDefined()
    for (const files of [{ '../etc/passwd': '0' }, { ['a'.repeat(64)]: 7 }, 'all', null])
      expect(raw('tag.add', { act: 'a', tag: 't', files })).toBeUndefined()
    expect(raw('case.set', { act: 'a' })).toBeUndefined()
    expect(raw('__proto__', { act: 'a' })).toBeUndefined()
    expect(raw('finding.set', { act: 'a', before: {}, after: { kind: 'truth' }, replaces: {} })).toBeUndefined()
  })

  it('cannot reach the prototype of anything through field names', () => {
    const body = JSON.parse('{"act":"a","before":{},"after":{"title":"t"},"replaces":{"__proto__":["x"]}}') as Record<
      string,
      unknown
    >
    const state = foldAnnotations([operation('A', 1, 'finding.set', 'finding:__proto__', body)])
    expect(state.findings).toMatchObject([{ id: '__proto__', title: 't' }])
    expect(shownValue(state.objects.get('finding:__proto__'), '__proto__')).toBeUndefined()
  })
})
