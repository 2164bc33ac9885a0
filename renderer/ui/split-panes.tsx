import { Fragment, type ReactNode } from 'react'
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels'
import { cx } from './cx.ts'
import css from './split-panes.module.css'

export type Pane = {
  readonly id: string
  readonly children: ReactNode
  /** `240px`, `30%`. One pane may leave it out and takes what is left. */
  readonly size?: string
  readonly least?: string
  readonly most?: string
  /** May be dragged shut. */
  readonly collapsible?: boolean
}

export type SplitPanesProps = {
  /** Names the remembered sizes: one per place in the window. */
  readonly id: string
  readonly direction: 'row' | 'column'
  readonly panes: readonly Pane[]
}

/** Panes with hairlines between that can be dragged, or moved with the arrow keys. Sizes are remembered on this machine, by pane. */
export function SplitPanes({ id, direction, panes }: SplitPanesProps) {
  const saved = useDefaultLayout({ id: `panes.${id}`, panelIds: panes.map((pane) => pane.id), storage: localStorage })
  return (
    <Group
      id={id}
      orientation={direction === 'row' ? 'horizontal' : 'vertical'}
      className={css['group'] ?? ''}
      onLayoutChanged={saved.onLayoutChanged}
      {...(saved.defaultLayout ? { defaultLayout: saved.defaultLayout } : {})}
    >
      {panes.map((pane, i) => (
        <Fragment key={pane.id}>
          {i > 0 && <Separator className={cx(css['separator'], css[direction])} aria-label={`Resize ${pane.id}`} />}
          <Panel
            id={pane.id}
            className={css['pane'] ?? ''}
            defaultSize={pane.size}
            minSize={pane.least ?? '80px'}
            maxSize={pane.most}
            collapsible={pane.collapsible ?? false}
            groupResizeBehavior={pane.size?.endsWith('px') === true ? 'preserve-pixel-size' : 'preserve-relative-size'}
          >
            {pane.children}
          </Panel>
        </Fragment>
      ))}
    </Group>
  )
}
