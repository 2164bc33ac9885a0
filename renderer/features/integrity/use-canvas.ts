import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { tokenColor, useThemeEpoch } from '#renderer/ui/theme.ts'
import type { LaneColors } from './draw-lanes.ts'

/** A canvas of a size in CSS px that `draw` paints anew whenever it or the theme changes. `draw` must be memoised. */
export function useCanvas(
  width: number,
  height: number,
  draw: (g: CanvasRenderingContext2D, colors: LaneColors) => void,
) {
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
    draw(g, readColors(element))
  }, [width, height, draw, epoch, fonts])
  return canvas
}

function readColors(element: HTMLElement): LaneColors {
  const color = (token: string): string => tokenColor(element, token)
  return {
    ground: color('--bg'),
    text: color('--text-2'),
    line: color('--line'),
    marks: {
      proven: color('--proven'),
      listed: color('--listed'),
      altered: color('--altered'),
      missing: color('--missing'),
      none: color('--none'),
    },
  }
}
