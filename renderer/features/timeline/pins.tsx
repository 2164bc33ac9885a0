import { useMemo } from 'react'
import { Bookmark, Flag, TrendingUp } from 'lucide-react'
import { visible } from '#shared/base/visible.ts'
import type { TimelineInsight } from '#shared/contract/timeline.ts'
import type { TimeRange } from '#renderer/ui/time-axis.ts'
import { xOf } from '#renderer/ui/time-view.ts'
import { durationText, timeText, type Zone } from '#shared/base/zone.ts'
import type { NamedGap } from './lane-model.ts'
import { placePins, type PinLayout } from './pin-layout.ts'
import css from './timeline.module.css'

/** A pin of the story: an exhibit at the time of its event, or a finding at the time of its first exhibit. */
export type StoryPin = {
  readonly id: string
  readonly kind: 'exhibit' | 'finding'
  readonly timeMs: number
  readonly label: string
  readonly title: string
  readonly onPress: () => void
}

export const PIN_ROWS = 4
export const PIN_ROW_HEIGHT = 20
/** A letter of a label, px, and the room of its icon and edges. */
const LETTER = 6.2
const EDGES = 28
const MOST_PINS = 400
const MOST_LETTERS = 36
/** An exhibit is known by its number, a finding by its first words. */
const LEAST_LETTERS = { exhibit: 8.5, finding: 14 } as const

/** Where the labels of the pins in view stand; also says how many have none. */
export function usePinLayout(
  pins: readonly StoryPin[],
  view: TimeRange,
  width: number,
): PinLayout & { readonly shown: readonly StoryPin[] } {
  return useMemo(() => {
    const shown = pins.filter((pin) => pin.timeMs >= view.from && pin.timeMs < view.to).slice(0, MOST_PINS)
    const layout = placePins(
      shown.map((pin) => ({
        id: pin.id,
        x: Math.round(xOf(view, width, pin.timeMs)),
        width: Math.ceil(Math.min(MOST_LETTERS, pin.label.length) * LETTER + EDGES),
        least: Math.ceil(Math.min(LEAST_LETTERS[pin.kind], pin.label.length + 1) * LETTER + EDGES),
        rank: pin.kind === 'finding' ? 0 : 1,
      })),
      { left: 0, right: width, rows: PIN_ROWS, gap: 4 },
    )
    return { ...layout, shown }
  }, [pins, view, width])
}

/** Labels with their stems; a pin whose label found no room keeps its mark at the foot. */
export function PinRow({
  layout,
  view,
  width,
}: {
  readonly layout: ReturnType<typeof usePinLayout>
  readonly view: TimeRange
  readonly width: number
}) {
  const places = new Map(layout.placed.map((one) => [one.id, one]))
  return (
    <div className={css['pins']} style={{ height: PIN_ROWS * PIN_ROW_HEIGHT + 10 }}>
      {layout.shown.map((pin) => {
        const place = places.get(pin.id)
        const x = Math.round(xOf(view, width, pin.timeMs))
        const bottom = (place?.row ?? 0) * PIN_ROW_HEIGHT + 10
        const Icon = pin.kind === 'finding' ? Flag : Bookmark
        return (
          <div key={pin.id}>
            <span className={css['stem']} style={{ left: x, height: place ? bottom + 8 : 8 }} />
            <button
              type="button"
              className={place ? css[pin.kind] : css['bare']}
              style={place ? { left: place.left, width: place.width, bottom } : { left: x - 6, bottom: 0 }}
              title={pin.title}
              aria-label={pin.title}
              onClick={pin.onPress}
            >
              {place && (
                <>
                  <Icon aria-hidden size={11} />
                  <span>{visible(pin.label)}</span>
                </>
              )}
            </button>
          </div>
        )
      })}
    </div>
  )
}

/** Insights as spans above the lanes, each with the call it speaks about. */
export function InsightRow({
  insights,
  view,
  width,
  zone,
  onOpen,
}: {
  readonly insights: readonly TimelineInsight[]
  readonly view: TimeRange
  readonly width: number
  readonly zone: Zone
  readonly onOpen: (insight: TimelineInsight) => void
}) {
  const shown = insights.filter((one) => one.startMs < view.to && (one.endMs ?? one.startMs) >= view.from)
  if (shown.length === 0) return null
  return (
    <div className={css['insights']}>
      {shown.map((one) => {
        const left = Math.max(0, xOf(view, width, one.startMs))
        const right = Math.min(width, Math.max(left + 14, xOf(view, width, one.endMs ?? one.startMs)))
        const words = insightWords(one, zone)
        return (
          <button
            key={one.event}
            type="button"
            className={css['insight']}
            style={{ left, width: right - left }}
            title={words}
            aria-label={words}
            onClick={() => onOpen(one)}
          >
            <TrendingUp aria-hidden size={11} />
            <span>{visible(one.eventName ?? 'Insight')}</span>
          </button>
        )
      })}
    </div>
  )
}

function insightWords(one: TimelineInsight, zone: Zone): string {
  const what = visible(
    `${one.insightType ?? 'Insight'}: ${one.eventName ?? 'unknown call'} of ${one.eventSource ?? 'unknown service'}`,
  )
  const length =
    one.endMs === null
      ? ', no end in the evidence'
      : one.endMs > one.startMs
        ? `, ${durationText(one.endMs - one.startMs)}`
        : ''
  return `${what}, from ${timeText(one.startMs, zone)}${length}`
}

/** The names of gaps, each above its shade. */
export function GapNames({
  gaps,
  view,
  width,
  zone,
}: {
  readonly gaps: readonly NamedGap[]
  readonly view: TimeRange
  readonly width: number
  readonly zone: Zone
}) {
  const shown = gaps.filter((gap) => gap.from < view.to && gap.to > view.from)
  if (shown.length === 0) return null
  return (
    <div className={css['gaps']}>
      {shown.map((gap) => {
        const left = Math.max(0, xOf(view, width, gap.from))
        const right = Math.min(width, xOf(view, width, gap.to))
        if (right - left < 24) return null
        const words = `${gap.names.join('; ')} (${timeText(gap.from, zone)} to ${timeText(gap.to, zone)})`
        return (
          <span key={gap.from} className={css['gap']} style={{ left, width: right - left }} title={visible(words)}>
            {visible(gap.names.length === 1 ? gap.names[0]! : `${gap.names[0]!} and ${gap.names.length - 1} more`)}
          </span>
        )
      })}
    </div>
  )
}
