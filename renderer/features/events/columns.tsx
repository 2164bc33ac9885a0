import { BookmarkCheck } from 'lucide-react'
import { cutMiddle, visible } from '#shared/base/visible.ts'
import type { GridColumn } from '#renderer/ui/grid/data-grid.tsx'
import { Mark } from '#renderer/ui/mark.tsx'
import { TagChip, type TagStyle } from '#renderer/ui/tag-chip.tsx'
import { TimeCell } from '#renderer/ui/time-cell.tsx'
import { timeText, UTC, type Zone } from '#shared/base/zone.ts'
import { furtherFields, shortPrincipal, shortService, valueOf, type GridEvent } from './event-fields.ts'
import { targetOf, type Target } from './filters.ts'
import { verdictWords } from './integrity-words.ts'
import css from './events.module.css'

export type ColumnWorld = {
  readonly zone: Zone
  /** How a tag looks, by its name. */
  readonly looks: ReadonlyMap<string, TagStyle>
  /** Places in documents that were made columns. */
  readonly paths: readonly string[]
}

/** The field behind each column whose cell is the value of a field. */
const fieldOfColumn: Readonly<Record<string, string>> = {
  call: 'eventName',
  who: 'principal',
  from: 'sourceIPAddress',
  region: 'awsRegion',
  resource: 'resource',
}

/** Columns beyond the default ones are named by their field. */
export const isFieldColumn = (columnId: string): boolean => columnId.startsWith('field:')
export const fieldColumn = (field: string): string => `field:${field}`
const fieldOf = (columnId: string): string => columnId.slice('field:'.length)

/** The fields that must be fetched for the columns in sight, beside the base fields. */
export const fieldsOfColumns = (shown: readonly string[]): readonly string[] => shown.filter(isFieldColumn).map(fieldOf)

/** What filtering by a cell means; undefined where a cell is no value (the delta). */
export function targetOfCell(row: GridEvent, columnId: string): Target | undefined {
  switch (columnId) {
    case 'time':
      return row.timeMs === null ? undefined : { kind: 'time', ms: row.timeMs }
    case 'result': {
      const code = valueOf(row, 'errorCode')
      return code === null ? targetOf('access', row.access) : targetOf('errorCode', code)
    }
    case 'integrity':
      return targetOf('integrity', row.integrity)
    case 'tags':
      return row.tags[0] === undefined ? undefined : targetOf('tag', row.tags[0])
    default: {
      const field = isFieldColumn(columnId) ? fieldOf(columnId) : fieldOfColumn[columnId]
      return field === undefined ? undefined : targetOf(field, valueOf(row, field))
    }
  }
}

const result = (row: GridEvent): string => {
  const code = valueOf(row, 'errorCode')
  return row.access === 'ok' ? 'ok' : (code ?? row.access)
}

/** The call as it is named; an Insights event says what it is. */
function callText(row: GridEvent): string {
  const name = valueOf(row, 'eventName') ?? ''
  const state = valueOf(row, 'otherFields.insightDetails.state')
  return state === null ? name : `Insight ${state.toLowerCase()}: ${name}`
}

/** All columns: the default ones in their order, then every field of CloudTrail and the places that were made columns. */
export function eventColumns({ zone, looks, paths }: ColumnWorld): readonly GridColumn<GridEvent>[] {
  const local = zone !== UTC
  const columns: readonly GridColumn<GridEvent>[] = [
    {
      id: 'time',
      label: local ? `time (UTC, ${zone.name})` : 'time (UTC)',
      width: local ? 346 : 186,
      sortable: true,
      text: (row) => (row.timeMs === null ? 'no time' : timeText(row.timeMs)),
      render: (row) =>
        row.timeMs === null ? <span className={css['quiet']}>no time</span> : <TimeCell utc={row.timeMs} zone={zone} />,
    },
    {
      id: 'delta',
      label: '+delta',
      width: 78,
      align: 'end',
      text: () => '',
      render: (row, { previous }) => <span className={css['quiet']}>{deltaText(row, previous)}</span>,
    },
    {
      id: 'call',
      label: 'call',
      width: 184,
      growTo: 270,
      text: callText,
      render: (row) => (
        <span className={css['call']}>
          <span className={row.readOnly === false ? css['write'] : undefined}>{visible(callText(row))}</span>
          <span className={css['service']}>{visible(shortService(valueOf(row, 'eventSource') ?? ''))}</span>
        </span>
      ),
    },
    {
      id: 'who',
      label: 'who',
      width: 150,
      growTo: 300,
      text: (row) => valueOf(row, 'principal') ?? '',
      render: (row) => visible(cutMiddle(shortPrincipal(valueOf(row, 'principal') ?? ''), 48)),
    },
    {
      id: 'from',
      label: 'from',
      width: 124,
      growTo: 180,
      mono: true,
      text: (row) => valueOf(row, 'sourceIPAddress') ?? '',
    },
    {
      id: 'result',
      label: 'result',
      width: 96,
      growTo: 150,
      text: result,
      render: (row) => (
        <span className={row.access === 'denied' ? css['denied'] : row.access === 'ok' ? css['quiet'] : undefined}>
          {visible(result(row))}
        </span>
      ),
    },
    { id: 'region', label: 'region', width: 118, text: (row) => valueOf(row, 'awsRegion') ?? '' },
    {
      id: 'resource',
      label: 'resource',
      width: 160,
      growTo: 440,
      mono: true,
      text: (row) => valueOf(row, 'resource') ?? '',
      render: (row) => visible(cutMiddle(valueOf(row, 'resource') ?? '', 60)),
    },
    {
      id: 'integrity',
      label: 'integrity',
      width: 70,
      text: (row) => verdictWords[row.integrity].word,
      render: (row) => <Mark compact kind={verdictWords[row.integrity].mark} word={verdictWords[row.integrity].word} />,
    },
    {
      id: 'tags',
      label: 'tags',
      width: 130,
      growTo: 220,
      text: (row) => [row.exhibit ?? '', ...row.tags].filter((one) => one !== '').join(', '),
      render: (row) => <Marks row={row} looks={looks} />,
    },
  ]
  const fields = [...paths, ...furtherFields.filter((field) => !paths.includes(field))]
  return [
    ...columns,
    ...fields.map((field): GridColumn<GridEvent> => ({
      id: fieldColumn(field),
      label: field,
      width: 160,
      hidden: !paths.includes(field),
      mono: true,
      text: (row) => valueOf(row, field) ?? '',
    })),
  ]
}

function Marks({ row, looks }: { readonly row: GridEvent; readonly looks: ReadonlyMap<string, TagStyle> }) {
  return (
    <span className={css['marks']}>
      {row.exhibit !== null && (
        <span className={css['exhibit']} title={`Bookmarked as ${visible(row.exhibit)}`}>
          <BookmarkCheck aria-hidden size={12} />
          {visible(row.exhibit)}
        </span>
      )}
      {row.tags.map((tag) => (
        <TagChip key={tag} name={tag} look={looks.get(tag) ?? 1} />
      ))}
    </span>
  )
}

/** The time since the row above: `+7 s`; with the newest first, how much earlier: `-7 s`. */
function deltaText(row: GridEvent, previous: GridEvent | undefined): string {
  if (row.timeMs === null || previous?.timeMs == null) return ''
  const ms = row.timeMs - previous.timeMs
  return `${ms < 0 ? '-' : '+'}${largestUnit(Math.abs(ms))}`
}

/** `21 s`, `2 min`, `3 h`, `4 d`: whole units, rounded down. */
export function largestUnit(ms: number): string {
  const s = Math.floor(ms / 1000)
  if (s < 60) return `${s} s`
  if (s < 3600) return `${Math.floor(s / 60)} min`
  return s < 172_800 ? `${Math.floor(s / 3600)} h` : `${Math.floor(s / 86_400)} d`
}
