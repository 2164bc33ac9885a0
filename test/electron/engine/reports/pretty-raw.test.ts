import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { prettyRaw } from '#engine/reports/pretty-raw.ts'

describe('the layout of a raw record', () => {
  it('keeps long numbers, repeated keys and escapes as they are', () => {
    expect(prettyRaw('{"a":9007199254740993,"a":"\\u0061, {","b":[],"c":[1,{}]}')).toEqual([
      '{',
      '  "a": 9007199254740993,',
      '  "a": "\\u0061, {",',
      '  "b": [],',
      '  "c": [',
      '    1,',
      '    {}',
      '  ]',
      '}',
    ])
  })

  it('changes nothing but blanks, in any JSON', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const lines = prettyRaw(json)
        expect(JSON.parse(lines.join('\n'))).toEqual(JSON.parse(json))
      }),
      { numRuns: 200 },
    )
  })

  it('leaves a line of CSV as it is, blanks and colons too', () => {
    const line = 'telemetry,2026-02-10T14:02:33Z,aws-cli/2.15.22 Python/3.11.8 source/x86_64,"a, [b] {c}",,[]'
    expect(prettyRaw(line)).toEqual([line])
    expect(prettyRaw(`${line}\r\n${line}`)).toEqual([line, line])
  })

  it('loses no character of text that is not JSON', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(
          prettyRaw(text)
            .join('')
            .replace(/[ \t\r\n]/g, ''),
        ).toBe(text.replace(/[ \t\r\n]/g, ''))
      }),
      { numRuns: 200 },
    )
  })
})
