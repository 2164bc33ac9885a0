import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findInRaw, hitStretches, lineText, rawLines } from '#renderer/ui/raw/raw-lines.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const shown = (bytes: Uint8Array, columns = 80) => rawLines(bytes, columns).map(lineText)

describe('exact bytes as text', () => {
  it('shows valid text as it is, at the offset of its first byte', () => {
    const lines = rawLines(utf8('{"a":"é"}\n{"b":1}'), 80)
    expect(lines.map(lineText)).toEqual(['{"a":"é"}', '{"b":1}'])
    expect(lines.map((line) => line.offset)).toEqual([0, 11])
  })

  it('shows bytes that are no UTF-8 as \\xNN', () => {
    expect(shown(new Uint8Array([0x61, 0xff, 0xc0, 0xaf, 0xed, 0xa0, 0x80, 0x62]))).toEqual([
      'a\\xff\\xc0\\xaf\\xed\\xa0\\x80b',
    ])
    expect(shown(new Uint8Array([0xe2, 0x82]))).toEqual(['\\xe2\\x82'])
  })

  it('marks characters that hide', () => {
    expect(rawLines(utf8('a\u202eb'), 80)[0]!.pieces).toEqual([
      { kind: 'text', text: 'a' },
      { kind: 'hidden', text: '\\u{202e}' },
      { kind: 'text', text: 'b' },
    ])
  })

  it('moves a mark that does not fit to the next line, whole', () => {
    expect(shown(utf8('abcdefgh\u202eij'), 10)).toEqual(['abcdefgh', '\\u{202e}ij'])
    expect(shown(utf8('abcdefghij'), 10)).toEqual(['abcdefghij'])
  })

  it('calls a byte invalid exactly where a strict decoder does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        let valid = true
        try {
          new TextDecoder('utf-8', { fatal: true }).decode(bytes)
        } catch {
          valid = false
        }
        expect(rawLines(bytes, 80).every((line) => line.pieces.every((piece) => piece.kind !== 'invalid'))).toBe(valid)
      }),
      { numRuns: 500 },
    )
  })

  it('finds a word also across a break that only the view made', () => {
    const lines = rawLines(utf8('abcdefStopLoggingxyz\nstoplogging'), 10)
    const hits = findInRaw(lines, 'stopLogging')
    expect(hits.map((hit) => [hit.line, hit.column])).toEqual([
      [0, 6],
      [2, 0],
    ])
    expect(hitStretches(lines, hits).get(0)).toEqual([{ from: 6, to: 10, hit: 0 }])
    expect(hitStretches(lines, hits).get(1)).toEqual([{ from: 0, to: 7, hit: 0 }])
    expect(findInRaw(lines, 'DeleteTrail')).toEqual([])
  })
})
