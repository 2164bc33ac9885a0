import { useRef, type ReactElement } from 'react'
import { Header, Menu as AriaMenu, MenuItem, MenuSection, MenuTrigger, Popover, Separator } from 'react-aria-components'
import { Check, type LucideIcon } from 'lucide-react'
import { cx } from './cx.ts'
import { Keys } from './kbd.tsx'
import css from './menu.module.css'

export type MenuAction = {
  readonly id: string
  readonly label: string
  readonly icon?: LucideIcon
  readonly keys?: string
  readonly onAction: () => void
  readonly danger?: boolean
  readonly isDisabled?: boolean
  /** Given: the item is a choice that is on or off. */
  readonly isOn?: boolean
}

/** Actions that belong together, between hairlines; the heading is optional. */
export type MenuGroup = { readonly id: string; readonly heading?: string; readonly actions: readonly MenuAction[] }

function Items({
  label,
  groups,
  onClose,
}: {
  readonly label: string
  readonly groups: readonly MenuGroup[]
  readonly onClose?: () => void
}) {
  return (
    <AriaMenu
      aria-label={label}
      className={css['menu'] ?? ''}
      data-keys-rest=""
      autoFocus="first"
      {...(onClose ? { onClose } : {})}
    >
      {groups.flatMap((group, i) => [
        ...(i > 0 ? [<Separator key={`${group.id}-line`} className={css['line'] ?? ''} />] : []),
        <MenuSection key={group.id} aria-label={group.heading ?? group.id}>
          {group.heading === undefined ? null : <Header className={css['heading'] ?? ''}>{group.heading}</Header>}
          {group.actions.map((action) => (
            <MenuItem
              key={action.id}
              id={action.id}
              textValue={action.label}
              className={cx(css['item'], action.danger === true && css['danger'])}
              onAction={action.onAction}
              isDisabled={action.isDisabled ?? false}
            >
              <MenuItemBody action={action} />
            </MenuItem>
          ))}
        </MenuSection>,
      ])}
    </AriaMenu>
  )
}

/** What stands in one line of a menu, also in the command palette. */
function MenuItemBody({ action }: { readonly action: MenuAction }) {
  const Icon = action.isOn === undefined ? action.icon : action.isOn ? Check : undefined
  return (
    <>
      <span className={css['icon']}>{Icon && <Icon aria-hidden size={14} />}</span>
      <span className={css['label']}>{action.label}</span>
      {action.keys !== undefined && <Keys keys={action.keys} />}
    </>
  )
}

export type MenuButtonProps = {
  readonly label: string
  readonly groups: readonly MenuGroup[]
  /** A `Button` or `IconButton` without `onPress`. */
  readonly children: ReactElement
}

/** A button that opens a menu. */
export function MenuButton({ label, groups, children }: MenuButtonProps) {
  return (
    <MenuTrigger>
      {children}
      <Popover className={css['popover'] ?? ''} offset={4} placement="bottom start">
        <Items label={label} groups={groups} />
      </Popover>
    </MenuTrigger>
  )
}

export type ContextMenuProps = {
  readonly label: string
  readonly groups: readonly MenuGroup[]
  /** Where it opens, in window px; undefined closes it. */
  readonly at: { readonly x: number; readonly y: number } | undefined
  readonly onClose: () => void
}

/** A menu at a point: of a cell, a bar, a pin. */
export function ContextMenu({ label, groups, at, onClose }: ContextMenuProps) {
  const spot = useRef<HTMLDivElement>(null)
  return (
    <>
      <div ref={spot} className={css['spot']} style={{ left: at?.x ?? 0, top: at?.y ?? 0 }} />
      <Popover
        className={css['popover'] ?? ''}
        triggerRef={spot}
        isOpen={at !== undefined}
        onOpenChange={(open) => {
          if (!open) onClose()
        }}
        placement="bottom start"
        offset={2}
      >
        <Items label={label} groups={groups} onClose={onClose} />
      </Popover>
    </>
  )
}
