import { counted, grouped } from '#shared/base/count.ts'
import { displayUtc } from '#shared/base/time.ts'
import {
  absenceStatement,
  selectionStatement,
  type ReportModel,
  type RowComment,
  type TagShape,
  type TimelineRow,
} from '#shared/domain/report.ts'
import {
  body,
  cell,
  cells,
  cellsAbove,
  column,
  emphasis,
  faint,
  heading,
  listed,
  mono,
  plain,
  small,
  strong,
  type Block,
  type Column,
  type Line,
  type Row,
  type Section,
} from './blocks.ts'
import { proseLines } from './prose.ts'
import { timelineItems, timelineNotes, type TimelineItem, type TimelineNotes } from './timeline-items.ts'
import { drawTimeline } from './visual-timeline.ts'
import { isUtc, localReading, type Zone } from './zone.ts'

/** Marks that differ in shape, so that a tag is known without colour. */
export const shapeMarks: { readonly [shape in TagShape]: string } = {
  disc: '●',
  square: '■',
  triangle: '▲',
  diamond: '◆',
  // The large circle: the fonts of the report have no U+25CB.
  ring: '◯',
  box: '□',
  delta: '△',
  lozenge: '◇',
}

export function chartSection(model: ReportModel): Section[] {
  const { chart } = model
  if (!chart) return []
  const alt =
    `Visual timeline from ${displayUtc(chart.from)} to ${displayUtc(chart.to)}: ` +
    `${counted(
      chart.density.reduce((a, b) => a + b, 0),
      'event',
    )} in ${counted(chart.density.length, 'slice')}, ${counted(chart.pins.length, 'exhibit')}, digest coverage.`
  return [
    {
      title: 'Visual timeline',
      orientation: 'landscape',
      startsPage: true,
      blocks: [
        body(
          plain(
            `${displayUtc(chart.from)} to ${displayUtc(chart.to)}. Bars count all events of the case in ${counted(chart.density.length, 'equal slice')}; pins are the exhibits of this report.`,
          ),
        ),
        { kind: 'drawing', drawing: drawTimeline(chart, 770), alt },
      ],
    },
  ]
}

export function timelineSection(model: ReportModel, zone: Zone): Section {
  const { rows } = model.timeline
  const local = !isUtc(zone.name)
  const notes = timelineNotes(rows)
  const statement: Block = { kind: 'banner', tone: 'note', title: selectionStatement(model), lines: [absenceStatement] }
  if (rows.length === 0) {
    return {
      title: 'Timeline',
      orientation: 'landscape',
      startsPage: true,
      blocks: [statement, body(strong('No event is in the selection.'))],
    }
  }
  const table: Block = {
    kind: 'table',
    caption: `Timeline, ${counted(rows.length, 'event')}`,
    columns: timelineColumns(local),
    rows: listed(timelineItems(model.timeline, zone), (item) => itemRow(item, notes, local ? zone : null)),
  }
  const reading = small(
    plain(
      '"=" beside a time: another event has the same second, their order is not known. P and U numbers refer to the notes after the table. ',
    ),
    plain('Source is file number : record number of the evidence list. '),
    plain('Results: ok, '),
    strong('DENIED'),
    plain(' (access was refused), failed (any other error).'),
  )
  return {
    title: 'Timeline',
    orientation: 'landscape',
    startsPage: true,
    blocks: [statement, reading, table, ...noteBlocks(notes)],
  }
}

function timelineColumns(local: boolean): Column[] {
  return [
    column('#', 34, 'right'),
    column('Exhibit', 46),
    column('Time UTC', 63),
    ...(local ? [column('Local', 52)] : []),
    column('Who', local ? 96 : 108),
    column('What', 112),
    column('From', 86),
    column('Result', 66),
    column('Tags', 64),
    column('Comment', local ? 84 : 124),
    column('Source', 38),
    column('Integrity', 62),
  ]
}

function itemRow(item: TimelineItem, notes: TimelineNotes, zone: Zone | null): Row {
  if (item.kind !== 'event') return { kind: item.kind, text: item.text }
  const { row } = item
  return cellsAbove(
    row.comments.flatMap(noteLines),
    cell(plain(grouped(item.number))),
    cell(row.exhibit === null ? faint('-') : mono(row.exhibit)),
    timeCell(row, item.sameSecond),
    ...(zone ? [localCell(row, zone)] : []),
    noted(row.who, notes.principals.get(row.whoFull)),
    [[strong(row.event)], [faint(row.service)]],
    noted(row.from, notes.userAgents.get(row.userAgent)),
    resultCell(row),
    row.tags.map((tag) => [plain(`${shapeMarks[tag.shape]} ${tag.name}`)]),
    row.comments.flatMap(({ title }) => title.split(/\r?\n/).flatMap((text) => (text === '' ? [] : [[plain(text)]]))),
    cell(mono(`${row.file}:${row.record}`)),
    cell(
      row.integrity === 'modified' || row.integrity === 'unreadable'
        ? strong(row.integrity.toUpperCase())
        : plain(row.integrity),
    ),
  )
}

function timeCell(row: TimelineRow, sameSecond: boolean): Line[] {
  const [day = '', clock = ''] = displayUtc(row.time).split(' ')
  return [[mono(clock), ...(sameSecond ? [strong(' =')] : [])], [faint(day)]]
}

function localCell(row: TimelineRow, zone: Zone): Line[] {
  const { day, clock, offset } = localReading(row.time, zone)
  const utcDay = displayUtc(row.time).slice(0, 10)
  return [[mono(clock)], [faint(offset)], ...(day === utcDay ? [] : [[faint(day)]])]
}

const noted = (text: string, note: string | undefined): Line[] => [
  [plain(text)],
  ...(note === undefined ? [] : [[faint(note)]]),
]

/** A note, under the row: beside the other columns it would be a narrow strip down the page. */
const noteLines = ({ note }: RowComment): Line[] => proseLines(note)

function resultCell({ result }: TimelineRow): Line[] {
  const code = result.code === '' ? [] : [[faint(result.code)]]
  switch (result.kind) {
    case 'ok':
      return [[plain('ok')], ...code]
    case 'denied':
      return [[strong('DENIED')], ...code]
    case 'failed':
      return [[emphasis('failed')], ...code]
  }
}

function noteBlocks(notes: TimelineNotes): Block[] {
  const table = (caption: string, what: string, all: ReadonlyMap<string, string>): Block[] =>
    all.size === 0
      ? []
      : [
          heading(caption),
          {
            kind: 'table',
            caption,
            columns: [column('Note', 6), column(what, 94)],
            rows: [...all].map(([text, note]) => cells(cell(strong(note)), cell(mono(text)))),
          },
        ]
  return [
    ...table('Notes to the timeline: principals in full', 'Principal', notes.principals),
    ...table('Notes to the timeline: user agents in full', 'User agent as sent by the caller', notes.userAgents),
  ]
}
