import type { AnnotationFileKind, AnnotationProposal } from '#shared/domain/annotation-import.ts'
import { visible } from '#shared/base/visible.ts'
import type { OpenCase } from '../../open-case.ts'
import type { QueryWorld } from '../../queries/evaluate.ts'
import { Refusal, stopIfCancelled } from '../../refusal.ts'
import { readAnnotations, type AnnotationColumns } from '../formats/read-annotations.ts'
import { openAnnotationFile } from './annotation-file.ts'
import { ImportPlan, NOTE_LENGTH, TAGS_PER_ROW } from './import-plan.ts'
import { matchEvents } from './match-events.ts'

/** Rows, and characters of their comments, that are looked up together. */
const ROWS = 5000
const CHARACTERS = 4_000_000

export type ReadBackWish = {
  readonly path: string
  /** Where the headings differ from those of an export. */
  readonly columns: Partial<AnnotationColumns>
  readonly zoneless: 'refuse' | 'utc'
  /** Who wrote what the file says, where the person who hands it in knows it. */
  readonly author: string
}

export type AnnotationSource = {
  readonly file: string
  readonly bytes: number
  readonly sha256: string
  readonly kind: AnnotationFileKind
  readonly author: string
}

export type PlannedImport = { readonly source: AnnotationSource; readonly plan: ImportPlan }

/**
 * What the tags and comments of a file would add to the case. Nothing is written. The file is read twice: its hash goes below each note that comes
 * from it, so it must be known first, and a file that changes meanwhile is refused.
 * @param progress bytes done of both readings
 * @throws Refusal `bad-input`, `unreadable`, `cancelled`
 */
export async function planImport(
  open: OpenCase,
  world: QueryWorld,
  wish: ReadBackWish,
  progress: (p: { done: number; total: number }) => void,
  signal: AbortSignal,
): Promise<PlannedImport> {
  const { bytes, sha256 } = await hashed(wish.path, signal, (done, total) => progress({ done, total: total * 2 }))
  const file = await openAnnotationFile(wish.path)
  const { name, kind, delimiter } = file
  const source: AnnotationSource = { file: name, bytes, sha256, kind, author: wish.author.trim() }
  const plan = new ImportPlan(open, kind, originWords(source))
  const content = file.chunks(signal, (done) => progress({ done: bytes + done, total: bytes * 2 }))
  let waiting: AnnotationProposal[] = []
  let characters = 0
  const settle = async (): Promise<void> => {
    const matched = await matchEvents(world, waiting, signal)
    for (const [n, proposal] of waiting.entries()) {
      const match = matched[n]!
      if (match.kind === 'event') plan.add(match.event, proposal)
      else plan.leave({ line: proposal.line, reason: match.reason, detail: match.detail })
    }
    waiting = []
    characters = 0
  }
  for await (const row of readAnnotations(kind, content, {
    columns: wish.columns,
    delimiter,
    zoneless: wish.zoneless,
  })) {
    stopIfCancelled(signal)
    plan.rows++
    if (row.kind === 'dropped') {
      if (row.dropped.reason === 'NOTHING_SAID') plan.silent++
      else plan.leave(row.dropped)
      continue
    }
    const { line, tags, comment } = row.proposal
    if (comment.length > NOTE_LENGTH)
      plan.leave({ line, reason: 'TOO_LONG', detail: `A note has at most ${NOTE_LENGTH} characters.` })
    else if (tags.length > TAGS_PER_ROW)
      plan.leave({ line, reason: 'BAD_TAG', detail: `A row has at most ${TAGS_PER_ROW} tags.` })
    else {
      waiting.push(row.proposal)
      characters += comment.length
      if (waiting.length >= ROWS || characters >= CHARACTERS) await settle()
    }
  }
  await settle()
  if (file.sha256() !== sha256)
    throw new Refusal('bad-input', `${name} changed while it was read. Wait until it is written, and read it again.`)
  return { source, plan }
}

async function hashed(
  path: string,
  signal: AbortSignal,
  told: (done: number, total: number) => void,
): Promise<{ bytes: number; sha256: string }> {
  const file = await openAnnotationFile(path)
  let bytes = 0
  for await (const chunk of file.chunks(signal, (done) => told(done, file.bytes))) bytes += chunk.length
  return { bytes, sha256: file.sha256() }
}

/** `(K. Meyer, imported from reviewed.csv, SHA-256 …)`: stands below each note, also in print. */
const originWords = ({ author, file, sha256 }: AnnotationSource): string =>
  `(${author === '' ? 'Imported' : `${visible(author)}, imported`} from ${file}, SHA-256 ${sha256})`
