import { inflateSync } from 'node:zlib'

/**
 * Reads back the text of a PDF as our tests need it, without pdfkit: inflates the streams and decodes every glyph through
 * the ToUnicode table of its font. Knows the plain object layout (no object streams), which is what pdfkit writes.
 */
export type ReadPdf = {
  /** The text of each page, one line per text object, in drawing order. */
  readonly pages: readonly string[]
  /** Everything in the file, inflated, as latin1: to search for what must not be there. */
  readonly raw: string
}

export function readPdf(bytes: Buffer): ReadPdf {
  const source = bytes.toString('latin1')
  const objects = readObjects(source)
  const raw: string[] = [source]
  const content = new Map<number, string>()
  for (const [id, object] of objects) {
    const stream = streamOf(object)
    if (stream === undefined) continue
    content.set(id, stream)
    raw.push(stream)
  }
  const pages: string[] = []
  for (const [, object] of objects) {
    if (!/\/Type \/Page\b/.test(object)) continue
    const fonts = fontsOf(object, objects, content)
    const parts = references(object, 'Contents').map((id) => content.get(id) ?? '')
    pages.push(textOf(parts.join('\n'), fonts))
  }
  return { pages, raw: raw.join('\n') }
}

function readObjects(source: string): Map<number, string> {
  const objects = new Map<number, string>()
  const header = /(?:^|\n)(\d+) 0 obj\n/g
  for (let found = header.exec(source); found; found = header.exec(source)) {
    const end = source.indexOf('\nendobj', header.lastIndex)
    objects.set(Number(found[1]), source.slice(header.lastIndex, end))
    header.lastIndex = end
  }
  return objects
}

function streamOf(object: string): string | undefined {
  const start = object.indexOf('stream\n')
  if (start === -1) return undefined
  const end = object.lastIndexOf('\nendstream')
  const body = Buffer.from(object.slice(start + 7, end), 'latin1')
  return (object.slice(0, start).includes('/FlateDecode') ? inflateSync(body) : body).toString('latin1')
}

const reference = (object: string, key: string): number | undefined => {
  const found = new RegExp(`/${key} (\\d+) 0 R`).exec(object)
  return found ? Number(found[1]) : undefined
}

/** The content of a page is one stream or a list of them. */
const references = (object: string, key: string): number[] =>
  [...(new RegExp(`/${key} \\[?((?:\\d+ 0 R\\s*)+)`).exec(object)?.[1] ?? '').matchAll(/(\d+) 0 R/g)].map(([, id]) =>
    Number(id),
  )

/** Glyph code to text, for each font name of a page. */
function fontsOf(
  page: string,
  objects: Map<number, string>,
  content: Map<number, string>,
): Map<string, Map<number, string>> {
  const resources = objects.get(reference(page, 'Resources') ?? -1) ?? page
  const fonts = new Map<string, Map<number, string>>()
  const list = /\/Font <<([^>]*)>>/.exec(resources)?.[1] ?? ''
  for (const [, name, id] of list.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
    const cmap = content.get(reference(objects.get(Number(id)) ?? '', 'ToUnicode') ?? -1) ?? ''
    fonts.set(name!, readCmap(cmap))
  }
  return fonts
}

function readCmap(cmap: string): Map<number, string> {
  const table = new Map<number, string>()
  const decode = (hex: string) => Buffer.from(hex.replace(/\s/g, ''), 'hex').swap16().toString('utf16le')
  for (const [, ranges] of cmap.matchAll(/beginbfrange\n([\s\S]*?)endbfrange/g)) {
    for (const [, first, list] of ranges!.matchAll(/<([0-9a-f]+)> <[0-9a-f]+> \[([^\]]*)\]/gi)) {
      let code = parseInt(first!, 16)
      for (const [, text] of list!.matchAll(/<([0-9a-f ]*)>/gi)) table.set(code++, decode(text!))
    }
  }
  return table
}

/** What a content stream says: a font, a new place, or a string of two-byte glyph numbers. */
const SAYS = /\/(F\d+) [\d.]+ Tf|( Tm)\b|\(((?:[^\\()]|\\[^])*)\)/g

function textOf(stream: string, fonts: Map<string, Map<number, string>>): string {
  const lines: string[] = []
  let font: Map<number, string> | undefined
  for (const [, name, place, string] of stream.matchAll(SAYS)) {
    if (name !== undefined) font = fonts.get(name)
    else if (place !== undefined) lines.push('')
    else {
      const codes = string!.replace(/\\([^])/g, (_, byte: string) => (byte === 'r' ? '\r' : byte))
      let text = lines.pop() ?? ''
      for (let at = 0; at < codes.length; at += 2)
        text += font?.get(codes.charCodeAt(at) * 256 + codes.charCodeAt(at + 1)) ?? '\ufffd'
      lines.push(text)
    }
  }
  return lines.join('\n')
}
