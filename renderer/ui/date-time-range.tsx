import { useState } from 'react'
import { Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { CalendarClock } from 'lucide-react'
import { parseUtc } from '#shared/base/time.ts'
import { Button } from './button.tsx'
import { TextField } from './text-field.tsx'
import type { TimeRange } from './time-axis.ts'
import { durationText, timeText, UTC, type Zone } from '#shared/base/zone.ts'
import css from './date-time-range.module.css'

export type RangePreset = { readonly id: string; readonly label: string; readonly range: TimeRange | undefined }

export type DateTimeRangeProps = {
  readonly label: string
  /** Undefined: all time. */
  readonly value: TimeRange | undefined
  readonly onChange: (range: TimeRange | undefined) => void
  /** Such as "last 24 hours of the evidence"; worked out by the caller. */
  readonly presets?: readonly RangePreset[]
  readonly zone?: Zone
}

/** An exact span of time, typed as `2023-07-10 12:03:44Z` (or with any offset), or taken from a list. `to` is not part of it. */
export function DateTimeRange({ label, value, onChange, presets = [], zone = UTC }: DateTimeRangeProps) {
  return (
    <DialogTrigger>
      <Button tone="plain" icon={CalendarClock}>
        {value ? rangeText(value, zone) : 'All time'}
      </Button>
      <Popover className={css['popover'] ?? ''} placement="bottom end" offset={4}>
        <Dialog aria-label={label} className={css['dialog'] ?? ''} data-keys-rest="">
          {({ close }) => (
            <RangeForm
              value={value}
              zone={zone}
              presets={presets}
              onDone={(range) => {
                onChange(range)
                close()
              }}
            />
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

/** `2023-07-10 09:00:00Z to 15:00:00Z`: the date once when it is the same. */
export function rangeText(range: TimeRange, zone: Zone = UTC): string {
  const from = timeText(range.from, zone)
  const to = timeText(range.to, zone)
  return `${from} to ${from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to}`
}

type RangeFormProps = {
  readonly value: TimeRange | undefined
  readonly zone: Zone
  readonly presets: readonly RangePreset[]
  readonly onDone: (range: TimeRange | undefined) => void
}

const FORM = 'Write it as 2023-07-10 12:03:44Z, with an offset such as +02:00, or as a bare day.'

function RangeForm({ value, zone, presets, onDone }: RangeFormProps) {
  const [from, setFrom] = useState(value ? timeText(value.from, zone) : '')
  const [to, setTo] = useState(value ? timeText(value.to, zone) : '')
  const start = parseUtc(from)
  const end = parseUtc(to)
  const fromError = from.trim() !== '' && start === undefined ? FORM : undefined
  const toError =
    to.trim() !== '' && end === undefined
      ? FORM
      : start !== undefined && end !== undefined && end <= start
        ? 'This must be later than the start.'
        : undefined
  const range = start !== undefined && end !== undefined && end > start ? { from: start, to: end } : undefined
  const apply = (): void => {
    if (range) onDone(range)
  }
  return (
    <div className={css['form']}>
      {presets.length > 0 && (
        <div className={css['presets']}>
          {presets.map((preset) => (
            <Button key={preset.id} tone="quiet" onPress={() => onDone(preset.range)}>
              {preset.label}
            </Button>
          ))}
        </div>
      )}
      <div className={css['fields']}>
        <TextField
          label="From"
          value={from}
          onChange={setFrom}
          mono
          placeholder="2023-07-10 09:00:00Z"
          error={fromError}
          onEnter={apply}
          autoFocus
        />
        <TextField
          label="To, not included"
          value={to}
          onChange={setTo}
          mono
          placeholder="2023-07-10 15:00:00Z"
          error={toError}
          onEnter={apply}
        />
        <div className={css['foot']}>
          <span className={css['length']}>{range ? durationText(range.to - range.from) : ''}</span>
          <Button tone="quiet" onPress={() => onDone(undefined)}>
            All time
          </Button>
          <Button tone="primary" onPress={apply} isDisabled={!range}>
            Apply
          </Button>
        </div>
      </div>
    </div>
  )
}
