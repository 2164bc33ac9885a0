import { describe, expect, it } from 'vitest'
import { contextMenuTemplate, menuTemplate } from '#electron/main/menu.ts'

const nothing = {
  recent: [],
  openCase: () => undefined,
  openRecent: () => undefined,
  withDeveloperTools: false,
  platform: 'linux' as const,
}
type Item = { label?: string; role?: string; enabled?: boolean; submenu?: Item[]; click?: () => void }
const all = (items: readonly Item[]): Item[] => items.flatMap((item) => [item, ...all(item.submenu ?? [])])
const itemsOf = (parts: Partial<Parameters<typeof menuTemplate>[0]>): Item[] =>
  all(menuTemplate({ ...nothing, ...parts }) as Item[])

describe('the menu', () => {
  it('lists recent cases that are still there, and opens them', () => {
    const opened: string[] = []
    const recent = [
      { path: '/a.trailcase', title: 'ACME & Sons\u202e', present: true },
      { path: '/gone.trailcase', title: 'Gone', present: false },
    ]
    const items = itemsOf({ recent, openRecent: (path) => opened.push(path) })
    const acme = items.find((item) => item.label?.startsWith('ACME'))
    acme?.click?.()
    expect(acme?.label).toBe('ACME && Sons\\u{202e}')
    expect(opened).toEqual(['/a.trailcase'])
    expect(items.some((item) => item.label === 'Gone')).toBe(false)
  })

  it('has the usual roles, and developer tools only in a checkout', () => {
    const roles = (parts: Partial<Parameters<typeof menuTemplate>[0]>): (string | undefined)[] =>
      itemsOf(parts).map((item) => item.role)
    expect(roles({})).toEqual(expect.arrayContaining(['editMenu', 'windowMenu', 'zoomIn', 'togglefullscreen', 'quit']))
    expect(roles({})).not.toContain('toggleDevTools')
    expect(roles({})).not.toContain('reload')
    expect(roles({ withDeveloperTools: true })).toContain('toggleDevTools')
    expect(roles({ platform: 'darwin' })).toEqual(expect.arrayContaining(['appMenu', 'close']))
  })

  it('offers on a right click what can be done there', () => {
    const flags = { canCut: false, canCopy: true, canPaste: true }
    const roles = (isEditable: boolean): unknown[] =>
      contextMenuTemplate({ isEditable, editFlags: flags }).flatMap((item) => (item.role ? [item.role] : []))
    expect(roles(false)).toEqual(['copy', 'selectAll'])
    expect(roles(true)).toEqual(['cut', 'copy', 'paste', 'selectAll'])
  })
})
