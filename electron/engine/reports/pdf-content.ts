import { formatNumber as at } from './pdf-number.ts'
import type { PdfFonts } from './pdf-fonts.ts'
import type { FontName } from './layout/type-style.ts'

type TextRun = {
  readonly x: number
  /** Of the baseline, from the top of the page. */
  readonly y: number
  readonly text: string
  readonly font: FontName
  readonly size: number
  readonly colour: string
}

/**
 * The content of a page in the operators of PDF (ISO 32000-1, 8.5 and 9.4). Places are given from the top left corner in points, as
 * layout gives them; a page of PDF counts from the bottom. Colours and line widths are written when they change.
 */
export class PageContent {
  /** The fonts that are drawn with, for the resources of the page. */
  readonly used = new Set<FontName>()
  readonly #height: number
  readonly #fonts: PdfFonts
  readonly #parts: string[] = []
  #fill = ''
  #stroke = ''
  #lineWidth = -1
  #font: FontName | '' = ''
  #size = 0
  #inText = false

  constructor(height: number, fonts: PdfFonts) {
    this.#height = height
    this.#fonts = fonts
  }

  text({ x, y, text, font: name, size, colour }: TextRun): void {
    if (text === '') return
    const font = this.#fonts.font(name)
    this.used.add(name)
    this.#fillWith(colour)
    if (!this.#inText) this.#parts.push('BT')
    this.#inText = true
    if (name !== this.#font || size !== this.#size) this.#parts.push(`/${font.id} ${at(size)} Tf`)
    this.#font = name
    this.#size = size
    this.#parts.push(`1 0 0 1 ${at(x)} ${at(this.#height - y)} Tm ${font.operators(text, size)}`)
  }

  /** Ends the text object, before anything that must not stand in one. */
  #endText(): void {
    if (this.#inText) this.#parts.push('ET')
    this.#inText = false
  }

  fillRect(x: number, y: number, w: number, h: number, colour: string): void {
    this.#endText()
    this.#fillWith(colour)
    this.#parts.push(`${this.#box(x, y, w, h)} f`)
  }

  strokeRect(x: number, y: number, w: number, h: number, colour: string, width: number): void {
    this.#endText()
    this.#strokeWith(colour, width)
    this.#parts.push(`${this.#box(x, y, w, h)} S`)
  }

  line(x1: number, y1: number, x2: number, y2: number, colour: string, width: number, dashed = false): void {
    this.#endText()
    this.#strokeWith(colour, width)
    const path = `${at(x1)} ${at(this.#height - y1)} m ${at(x2)} ${at(this.#height - y2)} l S`
    this.#parts.push(dashed ? `[2 2] 0 d ${path} [] 0 d` : path)
  }

  /** Content of a structure element, as number `mcid` of the page. */
  beginTagged(role: string, mcid: number): void {
    this.#endText()
    this.#parts.push(`/${role} <</MCID ${mcid}>> BDC`)
  }

  /** What a screen reader passes over. */
  beginArtifact(type: 'Layout' | 'Pagination'): void {
    this.#endText()
    this.#parts.push(`/Artifact <</Type /${type}>> BDC`)
  }

  end(): void {
    this.#endText()
    this.#parts.push('EMC')
  }

  bytes(): Buffer {
    return Buffer.from(`${this.#parts.join('\n')}\n`, 'latin1')
  }

  #box(x: number, y: number, w: number, h: number): string {
    return `${at(x)} ${at(this.#height - y - h)} ${at(w)} ${at(h)} re`
  }

  #fillWith(colour: string): void {
    if (colour === this.#fill) return
    this.#fill = colour
    this.#parts.push(`${rgb(colour)} rg`)
  }

  #strokeWith(colour: string, width: number): void {
    if (colour !== this.#stroke) this.#parts.push(`${rgb(colour)} RG`)
    if (width !== this.#lineWidth) this.#parts.push(`${at(width)} w`)
    this.#stroke = colour
    this.#lineWidth = width
  }
}

const shares = new Map<string, string>()

/** `#336699` as three shares of one. */
function rgb(colour: string): string {
  const known = shares.get(colour)
  if (known !== undefined) return known
  const value = parseInt(colour.slice(1), 16)
  const parts = [value >> 16, (value >> 8) & 0xff, value & 0xff].map((part) => String(Math.round(part / 0.255) / 1000))
  const share = parts.join(' ')
  shares.set(colour, share)
  return share
}
