import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JsonScanner } from '#engine/intake/json-scanner.ts'

type Seen = { items: string[]; duplicate: boolean[]; deep: boolean[]; broken: string[]; members: string[][] }

function scan(text: string | Buffer, cuts: readonly number[] = [], depth = 64): Seen {
  const bytes = Buffer.from(text)
  const seen: Seen = { items: [], duplicate: [], deep: [], broken: [], members: [] }
  const scanner = new JsonScanner(
    {
      item: (window, item) => {
        seen.items.push(window.toString('utf8', item.start, item.end))
        seen.duplicate.push(item.duplicateKey)
        seen.deep.push(item.tooDeep)
        seen.members.push(
          Array.from({ length: item.memberCount }, (_, i) =>
            window.toString('utf8', item.members[2 * i], item.members[2 * i + 1]).trim(),
          ),
        )
        expect(bytes.toString('utf8', item.offset, item.offset + item.end - item.start)).toBe(seen.items.at(-1))
      },
      envelope: () => undefined,
      broken: (start, end, why) => void seen.broken.push(`${why} ${start}-${end}`),
    },
    depth,
  )
  let from = 0
  for (const cut of [...cuts, bytes.length].sort((a, b) => a - b)) {
    scanner.push(bytes.subarray(from, cut))
    from = cut
  }
  scanner.end()
  return seen
}

// JSON has no -0.
const json = fc.jsonValue({ maxDepth: 3 }).map((value): unknown => JSON.parse(JSON.stringify(value)))
const indent = fc.constantFrom(undefined, 1, '\t')

describe('finding records by walking bytes', () => {
  it('gives exactly the elements of a Records array, however the text is spaced and cut', () => {
    fc.assert(
      fc.property(
        fc.array(json, { maxLength: 6 }),
        indent,
        fc.array(fc.nat(400), { maxLength: 4 }),
        (values, space, cuts) => {
          const text = JSON.stringify({ before: [1], Records: values, after: 'x' }, undefined, space)
          const size = Buffer.byteLength(text)
          const seen = scan(
            text,
            cuts.map((c) => Math.min(c, size)),
          )
          expect(seen.items.map((item) => JSON.parse(item))).toEqual(values)
          expect(seen.broken).toEqual([])
        },
      ),
      { numRuns: 300 },
    )
  })

  it('gives exactly the values of a root array and of a sequence of objects', () => {
    const objects = fc.array(fc.dictionary(fc.string({ maxLength: 3 }), json, { noNullPrototype: true, maxKeys: 3 }), {
      minLength: 1,
      maxLength: 5,
    })
    fc.assert(
      fc.property(
        objects,
        indent,
        fc.constantFrom('', '\n', ', ', '\r\n\r\n'),
        fc.nat(200),
        (values, space, between, cut) => {
          const list = JSON.stringify(values, undefined, space)
          expect(scan(list, [Math.min(cut, list.length)]).items.map((item) => JSON.parse(item))).toEqual(values)
          const usable = values.filter((v) => !['Records', 'Events', 'events', 'results'].some((k) => k in v))
          const text = usable.map((v) => JSON.stringify(v, undefined, space)).join(between)
          expect(scan(text, [Math.min(cut, Buffer.byteLength(text))]).items.map((item) => JSON.parse(item))).toEqual(
            usable,
          )
        },
      ),
      { numRuns: 200 },
    )
  })

  it('gives each member of a record as it stands in the text', () => {
    const text = '{"Records":[{"a": "x,}]", "b":{"c":[1,{"d":2}]},"e":9007199254740993,"f":[] }]}'
    expect(scan(text).members).toEqual([['"x,}]"', '{"c":[1,{"d":2}]}', '9007199254740993', '[]']])
  })

  it('finds a key that is named twice at any depth, also by an escape', () => {
    expect(
      scan('[{"a":1,"b":{"a":1}},{"a":1,"a":2},{"x":[{"k":1,"z":2,"k":3}]},{"ab":1,"\\u0061b":2}]').duplicate,
    ).toEqual([false, true, true, true])
  })

  it('does not take equal keys of different objects, or equal hashes, for duplicates', () => {
    // "Aa" and "BB" have the same polynomial hash.
    expect(scan('[{"Aa":1,"BB":2,"o":{"Aa":1},"p":{"Aa":1}},{"l":[{"a":1},{"a":2}]}]').duplicate).toEqual([
      false,
      false,
    ])
  })

  it('finds duplicates in an object of thousands of keys without comparing all pairs', () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => `"k${i}":1`).join(',')
    expect(scan(`[{${keys}},{${keys},"k7":2}]`).duplicate).toEqual([false, true])
  })

  it('tells depth per record and goes on after a million levels', () => {
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)
    const seen = scan(`[{"a":${nested(62)}},{"a":${nested(65)}},{"a":1},{"a":${nested(1_000_000)}},{"b":2}]`)
    expect(seen.deep).toEqual([false, true, false, true, false])
    expect(seen.items).toHaveLength(5)
  })

  it('goes on at the next line when a line is cut off, inside a string or outside', () => {
    const seen = scan('{"a":1}\n{"b":{"c":1\n{"d":2}\n{"e":"cut\n{"f":3}\n')
    expect(seen.items).toEqual(['{"a":1}', '{"d":2}', '{"f":3}'])
    expect(seen.broken.map((b) => b.split(' ')[0])).toEqual(['cut', 'cut'])
  })

  it('reports where a text breaks off', () => {
    expect(scan('{"Records":[{"a":1},{"b":').broken).toEqual(['end 20-25'])
  })

  it('reports what stands between values', () => {
    expect(scan('{"a":1}\nnot json\n{"b":1}').broken).toEqual(['stray 8-17'])
  })
})
