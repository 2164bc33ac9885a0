import type { MarkKind } from './mark.tsx'
import type { ColorOf } from './use-canvas.ts'

/** The colour of each mark. */
export const markColors = (color: ColorOf): Readonly<Record<MarkKind, string>> => ({
  proven: color('--proven'),
  listed: color('--listed'),
  altered: color('--altered'),
  missing: color('--missing'),
  none: color('--none'),
})

/**
 * The pattern of a mark on a canvas, in the colour that is set for filling and stroking: proven solid, listed hatched, altered crossed,
 * missing dotted, none an empty frame. The caller clips to the rectangle, as lines run over its edges. Leaves alpha and line width changed.
 */
export function drawMarkPattern(
  g: CanvasRenderingContext2D,
  kind: MarkKind,
  {
    left,
    top,
    right,
    height,
  }: { readonly left: number; readonly top: number; readonly right: number; readonly height: number },
): void {
  g.lineWidth = 1
  if (kind === 'proven') {
    g.fillRect(left, top, right - left, height)
    return
  }
  if (kind === 'none') {
    g.globalAlpha = 0.6
    g.strokeRect(left + 0.5, top + 0.5, right - left - 1, height - 1)
    return
  }
  if (kind === 'missing') {
    for (let x = left - (left % 4); x < right; x += 4)
      for (let y = 1; y + 2 <= height; y += 4) g.fillRect(x, top + y, 2, 2)
    return
  }
  g.globalAlpha = 0.22
  g.fillRect(left, top, right - left, height)
  g.globalAlpha = 1
  g.lineWidth = 1.25
  g.beginPath()
  for (let x = left - (left % 5) - height; x < right; x += 5) {
    g.moveTo(x, top + height)
    g.lineTo(x + height, top)
    if (kind !== 'altered') continue
    g.moveTo(x, top)
    g.lineTo(x + height, top + height)
  }
  g.stroke()
}
