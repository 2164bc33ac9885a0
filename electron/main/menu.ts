import type { MenuItemConstructorOptions } from 'electron'
import { cutMiddle, visible } from '#shared/base/visible.ts'

export type MenuParts = {
  readonly recent: readonly { readonly path: string; readonly title: string; readonly present: boolean }[]
  readonly openCase: () => void
  readonly openRecent: (path: string) => void
  /** From a checkout only. */
  readonly withDeveloperTools: boolean
  readonly platform: NodeJS.Platform
}

/** The menu: what main does by itself, and the usual roles with the system's own keys. */
export function menuTemplate(parts: MenuParts): MenuItemConstructorOptions[] {
  const isMac = parts.platform === 'darwin'
  const recent = parts.recent.filter((one) => one.present).slice(0, 10)
  return [
    ...(isMac ? [{ role: 'appMenu' as const }] : []),
    {
      label: '&File',
      submenu: [
        { label: 'Open case…', accelerator: 'CommandOrControl+O', click: parts.openCase },
        {
          label: 'Open recent case',
          enabled: recent.length > 0,
          submenu: recent.map(({ path, title }) => ({
            label: menuText(title === '' ? path : title),
            click: () => parts.openRecent(path),
          })),
        },
        { type: 'separator' },
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        ...(parts.withDeveloperTools ? ([{ type: 'separator' }, { role: 'toggleDevTools' }] as const) : []),
      ],
    },
    { role: 'windowMenu' },
  ]
}

/** What is offered on a right click: only what can be done there. */
export function contextMenuTemplate({
  isEditable,
  editFlags,
}: {
  isEditable: boolean
  editFlags: { canCut: boolean; canCopy: boolean; canPaste: boolean }
}): MenuItemConstructorOptions[] {
  return [
    ...(isEditable ? [{ role: 'cut' as const, enabled: editFlags.canCut }] : []),
    { role: 'copy', enabled: editFlags.canCopy },
    ...(isEditable ? [{ role: 'paste' as const, enabled: editFlags.canPaste }] : []),
    { type: 'separator' },
    { role: 'selectAll' },
  ]
}

/** A title may come from a stranger's case: hidden characters are shown, and `&` marks no key. */
const menuText = (text: string): string => cutMiddle(visible(text), 60).replaceAll('&', '&&')
