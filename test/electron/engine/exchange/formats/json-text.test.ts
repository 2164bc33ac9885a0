import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compactJson,
  isJson,
  prune,
  RawJson,
  rawOrText,
  topMembers,
  writeJson,
} from '#engine/exchange/formats/json-text.ts'

describe('compactJson', () => {
  it('drops white space between tokens and nothing else', () => {
    expect(compactJson('{ "a b" : 9007199254740993 ,\n "a b" : [ 1.0e5 , "x \\" y" ] }')).toBe(
      '{"a b":9007199254740993,"a b":[1.0e5,"x \\" y"]}',
    )
  })
  it('keeps the value of every JSON text', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(compactJson(JSON.stringify(value, null, 2)))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
      { numRuns: 300 },
    )
  })
  it('shows characters that hide or act, without changing the value', () => {
    expect(compactJson('"a\u202eb\u009b"')).toBe('"a\\u202eb\\u009b"')
  })
})

describe('topMembers', () => {
  it('takes an object apart at its first level, duplicates included', () => {
    expect(topMembers('{"a":{"b":[1,"]"]},"a":9007199254740993,"c":"x,\\"y"}')).toEqual([
      ['a', '{"b":[1,"]"]}'],
      ['a', '9007199254740993'],
      ['c', '"x,\\"y"'],
    ])
  })
  it('has nothing for what is not an object', () => {
    for (const text of ['', '[]', '{"a":', 'null', '{}']) expect(topMembers(text)).toEqual([])
  })
  it('agrees with JSON.parse on every object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const text = JSON.stringify(object)
        const rebuilt = `{${topMembers(text)
          .map(([name, value]) => `${JSON.stringify(name)}:${value}`)
          .join(',')}}`
        expect(JSON.parse(rebuilt)).toEqual(JSON.parse(text))
      }),
      { numRuns: 300 },
    )
  })
})

describe('writeJson', () => {
  it('splices the evidence text unchanged and leaves out what is undefined', () => {
    expect(writeJson({ a: undefined, b: new RawJson('9007199254740993'), c: [null, 'x'] })).toBe(
      '{"b":9007199254740993,"c":[null,"x"]}',
    )
  })
  it('turns a document that is not JSON into a string', () => {
    expect(writeJson([rawOrText('{"a": 1}'), rawOrText('{"a": NaN}')])).toBe('[{"a":1},"{\\"a\\": NaN}"]')
    expect(isJson('{"a": NaN}')).toBe(false)
  })
})

describe('prune', () => {
  it('drops empty objects at every depth', () => {
    expect(prune({ a: { b: { c: undefined } }, d: 1 })).toEqual({ d: 1 })
    expect(prune({ a: {} })).toBeUndefined()
  })
})
