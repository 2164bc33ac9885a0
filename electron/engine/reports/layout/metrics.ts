import type { FontName } from './type-style.ts'

/** What layout must know of fonts. */
export type TextMetrics = {
  /** Width in points of one line. */
  readonly width: (text: string, font: FontName, size: number) => number
  /** Whether the font can draw the character. */
  readonly has: (codePoint: number, font: FontName) => boolean
}
