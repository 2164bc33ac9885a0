import fc from 'fast-check'
import { expect, it } from 'vitest'
import { canonicalJson } from '#shared/base/canonical-json.ts'

it('is the same for the same content in another order, spacing and number form', () => {
  expect(canonicalJson(JSON.parse('{"b":[1.0,"x"],"a":{"d":null,"c":1e2}}'))).toBe(
    canonicalJson(JSON.parse('{ "a":{"c":100,"d":null},"b":[1,"x"]}')),
  )
})

it('differs when a value, a key or the order of a list differs', () => {
  const texts = ['{"a":1}', '{"a":"1"}', '{"b":1}', '[1,2]', '[2,1]', '{"a":null}', '{}'].map((t) =>
    canonicalJson(JSON.parse(t)),
  )
  expect(new Set(texts).size).toBe(texts.length)
})

it('parses back to the value it was made of', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
    { numRuns: 100 },
  )
})

it('keeps a key named __proto__ as a plain key', () => {
  expect(canonicalJson(JSON.parse('{"__proto__":{"x":1},"a":2}'))).toBe('{"__proto__":{"x":1},"a":2}')
})

it('writes a value nested a hundred thousand levels deep', () => {
  const text = '['.repeat(100_000) + ']'.repeat(100_000)
  expect(canonicalJson(JSON.parse(text))).toBe(text)
})

it('leaves out what is undefined, as JSON does', () => {
  expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}')
})
