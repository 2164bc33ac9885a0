import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react'
import { tokenColor, useThemeEpoch } from './theme.ts'

/** The colour of a token such as `--line`, in a form that a canvas takes. */
export type ColorOf = (token: string) => string

/**
 * A canvas of a size in CSS px, painted anew whenever `draw`, the size, the theme or the fonts change. `draw` must be memoised; nothing is painted
 * while it is absent or the size is 0.
 */
export function useCanvas(
  width: number,
  height: number,
  draw: ((g: CanvasRenderingContext2D, color: ColorOf) => void) | undefined,
): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null)
  const epoch = useThemeEpoch()
  const [fonts, setFonts] = useState(0)
  useEffect(() => {
    void document.fonts.ready.then(() => setFonts((n) => n + 1))
  }, [])
  useLayoutEffect(() => {
    const element = canvas.current
    const g = element?.getContext('2d')
    if (!element || !g || width === 0 || height === 0) return
    const ratio = window.devicePixelRatio
    element.width = Math.round(width * ratio)
    element.height = Math.round(height * ratio)
    element.style.width = `${width}px`
    element.style.height = `${height}px`
    g.scale(ratio, ratio)
    draw?.(g, (token) => tokenColor(element, token))
  }, [width, height, draw, epoch, fonts])
  return canvas
}
