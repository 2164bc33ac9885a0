import { once } from 'node:events'
import type { Writable } from 'node:stream'
import PDFDocument from 'pdfkit'

export type PdfDocument = InstanceType<typeof PDFDocument>
/** A numbered object of the file. */
export type PdfReference = {
  readonly id: number
  readonly data: Record<string, unknown>
  end: (bytes?: Buffer) => void
}
export type OutlineItem = { addItem: (title: string) => OutlineItem }

/** A page as pdfkit keeps it until the end, because page x of y is known only then. */
export type PdfPage = {
  readonly width: number
  readonly height: number
  readonly fonts: Record<string, PdfReference>
  readonly dictionary: PdfReference
  readonly content: PdfReference
  readonly structParentTreeKey: number
  write: (bytes: Buffer) => void
}

/** What we use of pdfkit beyond its types. */
type Inside = {
  _offsets: (number | null)[]
  _waiting: number
  _offset: number
  _write: (data: string | Uint8Array) => void
  _refEnd: (ref: { id: number; offset: number }) => void
  push: (chunk: Uint8Array | null) => boolean
  readonly page: PdfPage
  readonly outline: OutlineItem
  readonly readableLength: number
  ref: (data: object) => PdfReference
  getStructTreeRoot: () => PdfReference
  getStructParentTree: () => { add: (key: number, value: unknown) => void }
}
export const inside = (doc: PdfDocument): Inside => doc as unknown as Inside

type DocumentFacts = {
  readonly title: string
  readonly author: string
  readonly subject: string
  readonly keywords: string
  readonly producer: string
  readonly printedAt: number
}

/** An empty tagged document that writes large pieces and keeps its pages open until it ends. */
export function newDocument(facts: DocumentFacts): PdfDocument {
  const date = new Date(facts.printedAt)
  const doc = new PDFDocument({
    autoFirstPage: false,
    bufferPages: true,
    pdfVersion: '1.7',
    tagged: true,
    lang: 'en',
    displayTitle: true,
    // pdfkit would otherwise open Helvetica, which a bundle does not carry and which is not embedded.
    ...({ font: null } as object),
    info: {
      Title: facts.title,
      Author: facts.author,
      Subject: facts.subject,
      Keywords: facts.keywords,
      Creator: facts.producer,
      Producer: 'pdfkit',
      CreationDate: date,
      ModDate: date,
    },
  })
  writeLargePieces(inside(doc))
  return doc
}

const PIECE = 1 << 17

/** pdfkit hands each line of the file to the stream on its own, a million of them for a long report. */
function writeLargePieces(doc: Inside): void {
  let piece = Buffer.allocUnsafe(PIECE)
  let used = 0
  const push = doc.push.bind(doc)
  const flush = (): void => {
    if (used > 0) push(piece.subarray(0, used))
    piece = Buffer.allocUnsafe(PIECE)
    used = 0
  }
  doc._write = (data) => {
    const length = typeof data === 'string' ? data.length + 1 : data.length
    doc._offset += length
    if (used + length > PIECE) flush()
    if (length > PIECE) push(typeof data === 'string' ? Buffer.from(`${data}\n`, 'latin1') : data)
    else if (typeof data === 'string') used += piece.write(`${data}\n`, used, 'latin1')
    else {
      piece.set(data, used)
      used += length
    }
  }
  doc.push = (chunk) => {
    flush()
    return push(chunk)
  }
}

/** The number of an object that is written later. */
export function reserveObject(doc: PdfDocument): number {
  const writer = inside(doc)
  writer._offsets.push(null)
  writer._waiting++
  return writer._offsets.length
}

/** Writes a reserved object. `text` is Latin-1. */
export function writeObject(doc: PdfDocument, id: number, text: string): void {
  const writer = inside(doc)
  const offset = writer._offset
  writer._write(`${id} 0 obj\n${text}\nendobj`)
  writer._refEnd({ id, offset })
}

/** So much may wait for a slow disk before drawing pauses. */
const MOST_WAITING = 4_000_000

/** Lets a cancel be heard, and waits while the file cannot take more. `finished` rejects when it never will. */
export async function breathe(
  doc: PdfDocument,
  out: Writable,
  finished: Promise<void>,
  signal: AbortSignal | undefined,
): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  signal?.throwIfAborted()
  while (inside(doc).readableLength > MOST_WAITING && out.writableNeedDrain)
    await Promise.race([once(out, 'drain'), finished])
}
