import { describe, expect, it } from 'vitest'
import { createKeyMap, keyCaps, type KeyStroke } from '#renderer/ui/keys.ts'

const stroke = (key: string, more: Partial<KeyStroke> = {}): KeyStroke => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  timeStamp: 0,
  ...more,
})

function mapWith(...keys: string[]) {
  const ran: string[] = []
  const map = createKeyMap()
  const remove = map.add(
    keys.map((key) => ({ id: key, label: key, keys: [key], scope: 'Everywhere', run: () => ran.push(key) })),
  )
  return { map, ran, remove }
}

describe('the key map', () => {
  it('runs the command of a key, and no other', () => {
    const { map, ran } = mapWith('z', 'Z', 'Mod+k', '?')
    expect(map.handle(stroke('Z', { shiftKey: true }), false)).toBe(true)
    expect(map.handle(stroke('k', { ctrlKey: true }), false)).toBe(true)
    expect(map.handle(stroke('?', { shiftKey: true }), false)).toBe(true)
    expect(map.handle(stroke('q'), false)).toBe(false)
    expect(ran).toEqual(['Z', 'Mod+k', '?'])
  })

  it('leaves letters alone while a person types, but not Mod with a letter or a function key', () => {
    const { map, ran } = mapWith('j', 'Mod+k', 'F1', 'F')
    expect(map.handle(stroke('j'), true)).toBe(false)
    expect(map.handle(stroke('F'), true)).toBe(false)
    expect(map.handle(stroke('k', { metaKey: true }), true)).toBe(true)
    expect(map.handle(stroke('F1'), true)).toBe(true)
    expect(ran).toEqual(['Mod+k', 'F1'])
  })

  it('understands a sequence, and forgets it after a while', () => {
    const { map, ran } = mapWith('g e', 'e')
    map.handle(stroke('g', { timeStamp: 0 }), false)
    map.handle(stroke('e', { timeStamp: 300 }), false)
    map.handle(stroke('g', { timeStamp: 1000 }), false)
    map.handle(stroke('e', { timeStamp: 9000 }), false)
    expect(ran).toEqual(['g e', 'e'])
  })

  it('lets the inner scope win, and gives the key back when it leaves', () => {
    const { map, ran } = mapWith('f')
    const leave = map.add([{ id: 'inner', label: 'inner', keys: ['f'], scope: 'List', run: () => ran.push('inner') }])
    map.handle(stroke('f'), false)
    leave()
    map.handle(stroke('f'), false)
    expect(ran).toEqual(['inner', 'f'])
  })

  it('draws caps as they stand on the keyboard', () => {
    expect(keyCaps('Mod+Shift+z')).toEqual(['Ctrl', 'Shift', 'Z'])
    expect(keyCaps('Mod+k', true)).toEqual(['⌘', 'K'])
    expect(keyCaps('g e')).toEqual(['g', 'e'])
    expect(keyCaps('+')).toEqual(['+'])
  })
})
