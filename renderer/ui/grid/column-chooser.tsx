import { useState } from 'react'
import { ChevronDown, ChevronUp, Columns3, Minus, Plus } from 'lucide-react'
import { Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { Button, IconButton } from '../button.tsx'
import { Checkbox } from '../checkbox.tsx'
import { SearchField } from '../text-field.tsx'
import {
  fitLayout,
  resizeColumn,
  shiftColumn,
  toggleColumn,
  type ColumnDefault,
  type ColumnLayout,
} from './column-layout.ts'
import css from './data-grid.module.css'

type ColumnChooserProps = {
  readonly columns: readonly (ColumnDefault & { readonly label: string })[]
  readonly layout: ColumnLayout
  readonly onLayout: (layout: ColumnLayout) => void
}

/** Which columns are shown, in which order, how wide: all of it by keyboard too. */
export function ColumnChooser({ columns, layout, onLayout }: ColumnChooserProps) {
  const [filter, setFilter] = useState('')
  const labels = new Map(columns.map((column) => [column.id, column.label]))
  const matching = layout.filter((place) =>
    (labels.get(place.id) ?? '').toLowerCase().includes(filter.trim().toLowerCase()),
  )
  return (
    <DialogTrigger>
      <Button tone="quiet" icon={Columns3}>
        Columns
      </Button>
      <Popover placement="top end" className={css['chooser'] ?? ''}>
        <Dialog aria-label="Columns" className={css['chooserBody'] ?? ''}>
          <SearchField label="Find a column" value={filter} onChange={setFilter} autoFocus />
          <ul className={css['chooserList']}>
            {matching.map((place) => {
              const label = labels.get(place.id) ?? place.id
              return (
                <li key={place.id} className={css['chooserItem']}>
                  <Checkbox isSelected={!place.hidden} onChange={() => onLayout(toggleColumn(layout, place.id))}>
                    {label}
                  </Checkbox>
                  <span className={css['chooserMoves']}>
                    <IconButton
                      size="small"
                      icon={Minus}
                      label={`Make ${label} narrower`}
                      onPress={() => onLayout(resizeColumn(layout, place.id, place.width - 24))}
                    />
                    <IconButton
                      size="small"
                      icon={Plus}
                      label={`Make ${label} wider`}
                      onPress={() => onLayout(resizeColumn(layout, place.id, place.width + 24))}
                    />
                    <IconButton
                      size="small"
                      icon={ChevronUp}
                      label={`Move ${label} towards the start`}
                      onPress={() => onLayout(shiftColumn(layout, place.id, -1))}
                    />
                    <IconButton
                      size="small"
                      icon={ChevronDown}
                      label={`Move ${label} towards the end`}
                      onPress={() => onLayout(shiftColumn(layout, place.id, 1))}
                    />
                  </span>
                </li>
              )
            })}
          </ul>
          <div className={css['chooserFoot']}>
            <Button tone="quiet" onPress={() => onLayout(fitLayout(columns))}>
              Back to the default
            </Button>
          </div>
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}
