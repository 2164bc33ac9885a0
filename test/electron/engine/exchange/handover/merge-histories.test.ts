import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '#shared/base/canonical-json.ts'
import { ensure } from '#shared/base/assert.ts'
import { nextExhibit } from '#shared/domain/annotation.ts'
import { listActs, undoable } from '#engine/annotations/acts.ts'
import { foldCase, headerChange, headerOf } from '#engine/annotations/case-header.ts'
import { foldAnnotations } from '#engine/annotations/fold-annotations.ts'
import { conflictsOf, replacesOf } from '#engine/annotations/fold-fields.ts'
import { parseAnnotation, type AnnotationOperation } from '#engine/annotations/operation-bodies.ts'
import { newOperation, type Operation } from '#engine/annotations/operations-log.ts'
import { uuidV7 } from '#engine/annotations/uuid-v7.ts'
import type { IndexLine } from '#engine/exchange/handover/documents.ts'
import { NOT_PACKED } from '#engine/exchange/handover/given-originals.ts'
import { planAnnotations } from '#engine/exchange/handover/plan-annotations.ts'
import { planEvidence, type LedgerEntry, type LedgerSource } from '#engine/exchange/handover/plan-evidence.ts'

// ---- three parties of one case: the one that made it, and two copies

type File = Pick<LedgerEntry, 'source' | 'path' | 'sha256' | 'held' | 'byHash'>
type Party = {
  readonly examiner: string
  /** The mark of its exhibit numbers. */
  readonly copy: number
  operations: readonly Operation[]
  sources: readonly LedgerSource[]
  files: readonly File[]
}

const parsedOf = (operations: readonly Operation[]): AnnotationOperation[] =>
  operations.flatMap((operation) => parseAnnotation(operation) ?? [])

type Step = { party: number; kind: (typeof kinds)[number]; object: number; text: string; from: number }
const kinds = ['title', 'remove', 'bookmark', 'unmark', 'note', 'case', 'undo', 'redo', 'evidence'] as const

function take(party: Party, { kind, object, text }: Step, timeMs: number): void {
  const parsed = parsedOf(party.operations)
  const { objects, given, bookmarks } = foldAnnotations(parsed)
  const write = (type: string, target: string, body: Record<string, unknown>) => {
    const named = type === 'case.set' ? body : { act: uuidV7(timeMs), ...body }
    const made = newOperation({ timeMs, examiner: party.examiner, type, target, body: named })
    party.operations = [...party.operations, made]
  }
  const set = (type: string, target: string, after: Record<string, unknown>) =>
    write(type, target, { before: {}, after, replaces: replacesOf(objects.get(target), Object.keys(after)) })
  const remove = (type: string, target: string) =>
    write(type, target, { before: {}, observed: objects.get(target)?.operations.map((o) => o.id) ?? [] })
  const mark = bookmarks[object % Math.max(1, bookmarks.length)]
  switch (kind) {
    case 'title':
      set('finding.set', `finding:${object}`, { title: text })
      break
    case 'remove':
      remove('finding.remove', `finding:${object}`)
      break
    case 'bookmark':
      write('bookmark.add', `event:${'a'.repeat(64)}:${object}`, {
        exhibit: nextExhibit(party.examiner, given, party.copy),
        eventID: 'e',
        after: { title: text, note: '' },
      })
      break
    case 'unmark':
      if (mark) remove('bookmark.remove', `bookmark:${mark.id}`)
      break
    case 'note':
      if (mark) set('bookmark.set', `bookmark:${mark.id}`, { note: text })
      break
    case 'case': {
      const change = headerChange(foldCase(party.operations), { title: text })
      if ('title' in change.after) write('case.set', 'case', change)
      break
    }
    case 'undo': {
      const { undo } = undoable(listActs(parsed), party.examiner)
      if (undo) write('undo', 'annotations', { of: undo.id, reverts: undo.operations.map((o) => o.id) })
      break
    }
    case 'redo': {
      const { redo } = undoable(listActs(parsed), party.examiner)
      if (redo) write('redo', 'annotations', { of: redo.undo.id, reverts: redo.undo.operations.map((o) => o.id) })
      break
    }
    case 'evidence': {
      const id = party.sources.length + 1
      party.sources = [...party.sources, { id, path: `from ${party.copy}`, addedMs: timeMs, addedBy: party.examiner }]
      const hashes = [object, object + 1].map((n) => n.toString(16).repeat(64).slice(0, 64))
      party.files = [...party.files, ...hashes.map((sha256, n) => held(id, `file ${n}`, sha256))]
    }
  }
}

const held = (source: number, path: string, sha256: string): File => ({
  source,
  path,
  sha256,
  held: true,
  byHash: false,
})

/** What a package of a party says. `annotated`: without the bytes of every third file. */
function packageOf(party: Party, annotated: boolean): { sources: IndexSources; index: IndexLine[] } {
  const index = party.files.map(({ source, path, sha256, held }, n): IndexLine => {
    const packed = held && !(annotated && n % 3 === 0)
    return {
      source,
      path,
      sha256,
      packed,
      outcome: held ? 'stored' : 'ignored',
      reason: held ? null : NOT_PACKED,
      kind: 'cloudtrail-log',
      size: 1,
      inflatedSha256: null,
      inflatedSize: 1,
      records: { read: 1, stored: 1, duplicate: 0, conflict: 0, rejected: 0 },
      verdict: null,
    }
  })
  return { sources: party.sources.map((source) => ({ ...source, mode: 'copy' })), index }
}
type IndexSources = Parameters<typeof planEvidence>[1]['sources']

/** The party after a merge, as `merge-case.ts` stores it. */
function merged(party: Party, other: Party, annotated = false): Party {
  const ids = new Set(party.operations.map((o) => o.id))
  const entries = party.files.map((file, n) => ({ ...file, id: n + 1, size: 1 }))
  const plan = planEvidence({ sources: party.sources, entries }, packageOf(other, annotated))
  const sources = [...party.sources]
  const filled = new Set(plan.filled)
  const files: File[] = entries.filter((entry) => !filled.has(entry.id)).map(({ id: _, size: __, ...file }) => file)
  for (const { into, packed, held: here, absent, ...name } of plan.sources) {
    const source = into ?? sources.push({ ...name, id: sources.length + 1 })
    for (const line of [...packed, ...here]) files.push(held(source, line.path, line.sha256 ?? ''))
    for (const { path, sha256 } of absent) files.push({ source, path, sha256: sha256 ?? '', held: false, byHash: true })
  }
  return {
    ...party,
    operations: [...party.operations, ...other.operations.filter((o) => !ids.has(o.id))],
    sources,
    files,
  }
}

/** What a party's case says, whatever came first. */
function saidBy({ operations, sources, files }: Party): string {
  const { tags, objects: _, reverted, given, exhibits, ...state } = foldAnnotations(parsedOf(operations))
  const object = foldCase(operations)
  const nameOf = (id: number) => ensure(sources[id - 1], 'sources are numbered').path
  return canonicalJson({
    ...state,
    tags: [...tags].sort(),
    reverted: [...reverted].sort(),
    given: given.map((one) => `${one.exhibit} ${one.examiner}`).sort(),
    exhibits: [...exhibits].sort(),
    header: headerOf(object),
    headerConflicts: object ? conflictsOf([object]) : [],
    operations: operations.map((o) => o.id).sort(),
    files: files.map((f) => `${nameOf(f.source)} ${f.path} ${f.sha256} ${f.held}`).sort(),
  })
}

const history = fc.array(
  fc.record({
    party: fc.integer({ min: 0, max: 2 }),
    kind: fc.constantFrom(...kinds),
    object: fc.integer({ min: 0, max: 3 }),
    text: fc.string({ maxLength: 3 }),
    /** Whose package is merged before; often none. */
    from: fc.integer({ min: 0, max: 9 }),
  }),
  { maxLength: 16 },
)

function played(steps: readonly Step[]): [Party, Party, Party] {
  const start = { operations: [], sources: [], files: [] }
  const parties: [Party, Party, Party] = [
    { examiner: 'A. Rossi', copy: 0, ...start },
    { examiner: 'K. Meyer', copy: 417, ...start },
    { examiner: 'A. Rossi', copy: 903, ...start },
  ]
  for (const [n, step] of steps.entries()) {
    const at = step.party as 0 | 1 | 2
    const other = parties[step.from]
    if (other && step.from !== at) parties[at] = merged(parties[at], other, step.object === 0)
    // Clocks differ: that of the second party is an hour behind.
    take(parties[at], step, 1_700_000_000_000 + n - (at === 1 ? 3_600_000 : 0))
  }
  return parties
}

const orders = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const

describe('a thousand histories of three parties', () => {
  it(
    'say the same whichever way they are merged, and when they are merged again; exhibit numbers stay as they were given',
    { timeout: 120_000 },
    () => {
      fc.assert(
        fc.property(history, (steps) => {
          const parties = played(steps)
          const said = orders.map(([first, second, third]) => {
            const whole = merged(merged(parties[first], parties[second]), parties[third])
            return { whole, text: saidBy(whole) }
          })
          for (const { text } of said) expect(text).toBe(said[0]?.text)
          const { whole } = said[0]!
          expect(saidBy(merged(parties[0], merged(parties[2], parties[1])))).toBe(said[0]?.text)
          for (const party of parties) {
            expect(saidBy(merged(whole, party))).toBe(said[0]?.text)
            for (const operation of party.operations) expect(whole.operations).toContain(operation)
          }
          const given = foldAnnotations(parsedOf(whole.operations)).given.map((one) => one.exhibit)
          expect(new Set(given).size).toBe(given.length)
          for (const { operations } of parties)
            for (const bookmark of foldAnnotations(parsedOf(operations)).bookmarks)
              expect(given).toContain(bookmark.exhibit)
        }),
        { numRuns: 1000 },
      )
    },
  )

  it('have previews that name each new conflict, and nothing where there is nothing new', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const [mine, theirs] = played(steps)
        const annotations = parsedOf(mine.operations)
        const ids = new Set(mine.operations.map((o) => o.id))
        const fresh = theirs.operations.filter((o) => !ids.has(o.id))
        const plan = planAnnotations({ annotations, caseData: mine.operations }, fresh)
        const whole = merged(mine, theirs)
        const keyOf = (c: { target: string; field: string }) => `${c.target} ${c.field}`
        const conflicts = ({ operations }: Party) => {
          const object = foldCase(operations)
          return [...(object ? conflictsOf([object]) : []), ...foldAnnotations(parsedOf(operations)).conflicts].map(
            keyOf,
          )
        }
        const had = new Set(conflicts(mine))
        const brought = conflicts(whole).filter((key) => !had.has(key))
        expect(plan.conflicts.map(keyOf)).toEqual(expect.arrayContaining(brought))
        const nothing = planAnnotations({ annotations, caseData: mine.operations }, [])
        expect(nothing).toEqual({ kinds: [], conflicts: [] })
      }),
      { numRuns: 100 },
    )
  })
})
