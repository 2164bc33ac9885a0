import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { embeddedJson, jsonText, parseJsonNode } from '#renderer/ui/json/json-node.ts'
import { pathText, treeRows } from '#renderer/ui/json/tree-rows.ts'

const CLOSED = { toggled: new Map<string, boolean>(), shown: new Map<string, number>() }

describe('JSON as it was written', () => {
  it('agrees with JSON.parse on any value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value, null, 1)
        const node = parseJsonNode(text)
        expect(node && JSON.parse(jsonText(node))).toEqual(JSON.parse(text))
      }),
      { numRuns: 60 },
    )
  })

  it('accepts and refuses what JSON.parse accepts and refuses', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', '1', '-', 'e', '.', 'true', ' ', 'x'), {
          maxLength: 10,
        }),
        (parts) => {
          const text = parts.join('')
          let valid = true
          try {
            JSON.parse(text)
          } catch {
            valid = false
          }
          expect(parseJsonNode(text) !== undefined).toBe(valid)
        },
      ),
      { numRuns: 400 },
    )
  })

  it('keeps the digits of large numbers and both of two equal keys', () => {
    const text = '{"n":9007199254740993,"dup":1,"dup":2,"__proto__":{"x":1}}'
    const node = parseJsonNode(text)
    expect(node && jsonText(node)).toBe(text)
  })

  it('stops drawing at 200 levels instead of running out of stack', () => {
    const text = '['.repeat(50_000) + ']'.repeat(50_000)
    const node = parseJsonNode(text)
    expect(node && jsonText(node)).toBe(text)
  })

  it('finds JSON inside a string, plain or percent-encoded, and nothing in plain words', () => {
    expect(embeddedJson('{"Effect":"Allow"}')?.kind).toBe('object')
    expect(embeddedJson(encodeURIComponent('{"Effect":"Allow"}'))?.kind).toBe('object')
    expect(embeddedJson('%7Bnot json')).toBeUndefined()
    expect(embeddedJson('[draft] a title')).toBeUndefined()
  })
})

describe('the tree', () => {
  it('shows two levels, opens on wish, and names each place', () => {
    const root = parseJsonNode('{"a":{"b":{"c":1}},"list":[{"x.y":2}]}')!
    const rows = treeRows(root, CLOSED)
    expect(rows.map((row) => (row.kind === 'node' ? pathText(row.path) : row.kind))).toEqual([
      'a',
      'a.b',
      'list',
      'list[0]',
    ])
    const opened = treeRows(root, { ...CLOSED, toggled: new Map([[rows[3]!.id, true]]) })
    expect(opened.map((row) => (row.kind === 'node' ? pathText(row.path) : row.kind))).toContain('list[0]["x.y"]')
  })

  it('shows the first hundred of many and says how many more there are', () => {
    const root = parseJsonNode(JSON.stringify(Array.from({ length: 5000 }, (_, i) => i)))!
    const rows = treeRows(root, CLOSED)
    expect(rows).toHaveLength(101)
    expect(rows.at(-1)).toMatchObject({ kind: 'more', hidden: 4900 })
  })
})
