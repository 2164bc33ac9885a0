import type { GridColumn } from '../ui/grid/data-grid.tsx'
import { TimeCell } from '../ui/time-cell.tsx'
import { durationText, timeText } from '#shared/base/zone.ts'
import { cutMiddle, visible } from '#shared/base/visible.ts'
import type { MadeUpRow } from './made-up.ts'
import css from './gallery.module.css'

/** Columns for made-up rows, as a feature would write them. */
export const madeUpColumns: readonly GridColumn<MadeUpRow>[] = [
  {
    id: 'time',
    label: 'time (UTC)',
    width: 186,
    sortable: true,
    text: (row) => timeText(row.at),
    render: (row) => <TimeCell utc={row.at} />,
  },
  {
    id: 'delta',
    label: '+delta',
    width: 76,
    align: 'end',
    text: () => '',
    render: (row, { previous }) => (
      <span className={css['quiet']}>{previous ? `+${durationText(row.at - previous.at)}` : ''}</span>
    ),
  },
  {
    id: 'call',
    label: 'call',
    width: 170,
    sortable: true,
    text: (row) => row.call,
    render: (row) => <span className={row.writes ? css['write'] : undefined}>{row.call}</span>,
  },
  {
    id: 'who',
    label: 'who',
    width: 230,
    mono: true,
    text: (row) => row.who,
    render: (row) => visible(cutMiddle(row.who, 30)),
  },
  { id: 'from', label: 'from', width: 170, mono: true, text: (row) => row.from },
  {
    id: 'result',
    label: 'result',
    width: 84,
    text: (row) => row.result,
    render: (row) => <span className={row.result === 'DENIED' ? css['denied'] : css['quiet']}>{row.result}</span>,
  },
  { id: 'region', label: 'region', width: 120, text: (row) => row.region },
  { id: 'id', label: 'id', width: 190, mono: true, hidden: true, text: (row) => row.id },
]
