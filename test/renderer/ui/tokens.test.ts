import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync(new URL('../../../renderer/app/styles/tokens.css', import.meta.url), 'utf8')
const tokens = new Map(
  [
    ...css
      .slice(0, css.indexOf('\n[data-theme'))
      .matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g),
  ].map(([, name, light, dark]) => [name!, { light: light!, dark: dark! }]),
)

const TEXTS = [
  'text',
  'text-2',
  'text-3',
  'accent-text',
  'proven',
  'listed',
  'altered',
  'missing',
  'none',
  'denied',
  'danger',
]
const GROUNDS = ['bg', 'bg-chrome', 'bg-raised', 'bg-hover']
const MORE = [
  ['text', 'bg-active'],
  ['text-2', 'bg-active'],
  ['text', 'bg-selected'],
  ['text-2', 'bg-selected'],
  ['text-3', 'bg-input'],
  ['accent-text', 'bg-selected'],
  ['text', 'danger-soft'],
  ['text-2', 'danger-soft'],
  ['danger', 'danger-soft'],
  ['missing', 'warn-soft'],
  ['text-on-accent', 'accent'],
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => [`tag-${n}`, 'bg']),
]

const pairs = [...TEXTS.flatMap((text) => GROUNDS.map((ground) => [text, ground])), ...MORE]

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (high! + 0.05) / (low! + 0.05)
}

describe('the colours', () => {
  it('measures black on white as 21 to 1', () => expect(contrast('#000000', '#ffffff')).toBeCloseTo(21))

  it.each(['light', 'dark'] as const)('keep 4.5 to 1 between text and its ground in %s', (scheme) => {
    const weak = pairs
      .map(([text, ground]) => ({
        text,
        ground,
        ratio: contrast(tokens.get(text!)![scheme], tokens.get(ground!)![scheme]),
      }))
      .filter((pair) => pair.ratio < 4.5)
    expect(weak).toEqual([])
  })

  it.each(['light', 'dark'] as const)('keep 3 to 1 between the focus colour and what it stands on in %s', (scheme) => {
    for (const ground of GROUNDS)
      expect(contrast(tokens.get('accent')![scheme], tokens.get(ground)![scheme])).toBeGreaterThanOrEqual(3)
  })
})
