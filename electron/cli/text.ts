import { formatUtc, utcMs } from '#shared/base/time.ts'
import { cutMiddle, visible } from '#shared/base/visible.ts'

/** UTC milliseconds as `2023-07-10T12:03:44Z`, or null. */
export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : formatUtc(utcMs(ms)))
export const iso = (ms: number): string => formatUtc(utcMs(ms))

const GAP = 2
/** The least width of a column that must give way. */
const LEAST = 6

/**
 * Rows as lines with aligned columns. With a width (a terminal), the widest columns give way until the lines fit and long
 * texts are cut in their middle; without one nothing is cut. Hidden characters are shown.
 */
export function tableLines(rows: readonly (readonly string[])[], width?: number): string[] {
  const shown = rows.map((row) => row.map(visible))
  const widths: number[] = []
  for (const row of shown) for (const [n, cell] of row.entries()) widths[n] = Math.max(widths[n] ?? 0, cell.length)
  if (width !== undefined) shrink(widths, width - GAP * (widths.length - 1))
  return shown.map((row) =>
    row
      .map((cell, n) =>
        cutMiddle(cell, Math.max(3, widths[n] ?? 0)).padEnd(n === row.length - 1 ? 0 : (widths[n] ?? 0)),
      )
      .join(' '.repeat(GAP))
      .trimEnd(),
  )
}

function shrink(widths: number[], room: number): void {
  let over = widths.reduce((sum, w) => sum + w, 0) - room
  while (over > 0) {
    const widest = widths.indexOf(Math.max(...widths))
    const now = widths[widest] ?? 0
    if (now <= LEAST) return
    widths[widest] = now - 1
    over--
  }
}
