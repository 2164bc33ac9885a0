import { useState } from 'react'
import { Download, EyeOff, GitCompareArrows } from 'lucide-react'
import { useWorkspace } from '#renderer/client/workspace.ts'
import { Button } from '#renderer/ui/button.tsx'
import { MenuButton } from '#renderer/ui/menu.tsx'
import { Select } from '#renderer/ui/select.tsx'
import { Toolbar, ToolbarSpace } from '#renderer/ui/toolbar.tsx'
import { useKeyCommands } from '#renderer/ui/use-keys.tsx'
import { stackFields } from './facet-fields.ts'
import { isFolded, noises, toggleNoise } from './noise.ts'
import { ExportDialog } from './export-dialog.tsx'
import { useExport } from './use-export.ts'
import css from './events.module.css'

export type EventsToolbarProps = {
  readonly stackBy: string
  readonly onStackBy: (field: string) => void
  readonly onCompare: () => void
  readonly isComparing: boolean
}

/** What stands above the histogram: how it is stacked, what is folded away, and the way out to files. */
export function EventsToolbar({ stackBy, onStackBy, onCompare, isComparing }: EventsToolbarProps) {
  const query = useWorkspace((w) => w.view.query)
  const ask = useWorkspace((w) => w.ask)
  const files = useExport()
  const [exporting, setExporting] = useState(false)
  useKeyCommands([
    {
      id: 'events.export',
      label: 'Export events',
      keys: ['e'],
      scope: 'List of events',
      run: () => setExporting(!files.running),
    },
  ])
  const folded = noises.filter((noise) => isFolded(query, noise)).length
  return (
    <Toolbar label="Events">
      <Select
        look="inline"
        label="Stacked by"
        value={stackBy}
        onChange={onStackBy}
        options={stackFields.map(({ field, label }) => ({ id: field, label }))}
      />
      <MenuButton
        label="Fold noise"
        groups={[
          {
            id: 'noise',
            heading: 'Leave out, as a filter',
            actions: noises.map((noise) => ({
              id: noise.id,
              label: noise.label,
              isOn: isFolded(query, noise),
              onAction: () => ask(toggleNoise(query, noise)),
            })),
          },
        ]}
      >
        <Button tone="quiet" icon={EyeOff}>
          {folded === 0 ? 'Fold noise' : `Fold noise (${folded} on)`}
        </Button>
      </MenuButton>
      <Button tone="quiet" icon={GitCompareArrows} keys="d" onPress={onCompare}>
        Compare
      </Button>
      <ToolbarSpace />
      <span className={css['hint']}>
        {isComparing ? 'Press a value that differs to filter for it' : 'Drag to zoom, Shift-drag to compare a span'}
      </span>
      {files.running ? (
        <>
          <span className={css['hint']} role="status">
            {files.words}
          </span>
          <Button onPress={files.cancel}>Cancel</Button>
        </>
      ) : (
        <Button tone="quiet" icon={Download} keys="e" onPress={() => setExporting(true)}>
          Export
        </Button>
      )}
      {exporting && (
        <ExportDialog
          onClose={() => setExporting(false)}
          onWrite={(what, format, indicators) => void files.write(what, format, indicators)}
        />
      )}
    </Toolbar>
  )
}
