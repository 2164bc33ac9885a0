import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completionAt, knownValues, suggestFields } from '#shared/domain/query/complete.ts'
import { queryFieldNames, fieldText, resolveField } from '#shared/domain/query/names.ts'
import { documentFields, identifierFields, termFields } from '#shared/domain/fields.ts'
import { anyQuery } from './sample.ts'

/** `|` marks the cursor. */
function at(marked: string): ReturnType<typeof completionAt> {
  return completionAt(marked.replace('|', ''), marked.indexOf('|'))
}

describe('completionAt', () => {
  it.each([
    ['|', { kind: 'field', prefix: '', start: 0, end: 0 }],
    ['eve|', { kind: 'field', prefix: 'eve', start: 0, end: 3 }],
    ['eve|ntName:x', { kind: 'field', prefix: 'eve', start: 0, end: 9 }],
    ['a userIdentity.ar|', { kind: 'field', prefix: 'userIdentity.ar', start: 2, end: 17 }],
    ['-err|', { kind: 'field', prefix: 'err', start: 1, end: 4 }],
    ['(|', { kind: 'field', prefix: '', start: 1, end: 1 }],
    ['a |', { kind: 'operator', prefix: '', start: 2, end: 2 }],
    ['a O|', { kind: 'operator', prefix: 'O', start: 2, end: 3 }],
    ['(a OR b) |', { kind: 'operator', prefix: '', start: 9, end: 9 }],
    ['a OR |', { kind: 'field', prefix: '', start: 5, end: 5 }],
    ['"a b" |', { kind: 'operator', prefix: '', start: 6, end: 6 }],
    ['eventName:|', { kind: 'value', prefix: '', start: 10, end: 10, field: 'eventName' }],
    ['event:Con|sole', { kind: 'value', prefix: 'Con', start: 6, end: 13, field: 'eventName' }],
    ['eventName: Con|', { kind: 'value', prefix: 'Con', start: 11, end: 14, field: 'eventName' }],
    ['tag:"to ch|', { kind: 'value', prefix: 'to ch', start: 4, end: 10, field: 'tag' }],
    ['tag:"to ch|eck" x', { kind: 'value', prefix: 'to ch', start: 4, end: 14, field: 'tag' }],
    ['eventName:(Get* OR Pu|)', { kind: 'value', prefix: 'Pu', start: 19, end: 21, field: 'eventName' }],
    ['eventName:(Get*) e|', { kind: 'field', prefix: 'e', start: 17, end: 18 }],
    [
      'requestParameters.bucketName:lo| x',
      { kind: 'value', prefix: 'lo', start: 29, end: 31, field: 'requestParameters.bucketName' },
    ],
  ])('in %s', (marked, expected) => {
    expect(at(marked)).toMatchObject(expected)
  })

  it.each(['"a b|', '/a b|/', 'nofield:x|'])('offers nothing in %s', (marked) => {
    expect(at(marked)).toBeUndefined()
  })

  it('answers at every place of any text', () => {
    fc.assert(
      fc.property(fc.oneof(anyQuery, fc.string({ unit: 'grapheme' })), fc.nat(200), (text, cursor) => {
        const place = Math.min(cursor, text.length)
        const found = completionAt(text, place)
        if (found === undefined) return
        expect(found.start).toBeLessThanOrEqual(place)
        expect(found.end).toBeGreaterThanOrEqual(place)
      }),
      { numRuns: 1500 },
    )
  })
})

describe('field names', () => {
  it('name every column, each with help, and lead back to their fields', () => {
    const names = queryFieldNames.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining([...termFields, ...documentFields, ...identifierFields]))
    expect(new Set(names).size).toBe(names.length)
    for (const { name, ref, help } of queryFieldNames) {
      expect(help).not.toBe('')
      expect(resolveField(name.split('.'))).toEqual(ref)
      expect(resolveField(fieldText(ref).toUpperCase().split('.'))).toEqual(
        ref.kind === 'document'
          ? { ...ref, path: ref.field === 'otherFields' ? ref.path : ref.path.map((part) => part.toUpperCase()) }
          : ref,
      )
    }
  })

  it('are proposed by their beginning first, then by the beginning of a part', () => {
    const names = suggestFields('user').map(({ name }) => name)
    expect(names.slice(0, 2)).toEqual(['userAgent', 'userIdentity.type'])
    expect(suggestFields('accesskey').map(({ name }) => name)).toContain('userIdentity.accessKeyId')
    expect(suggestFields('zzz')).toEqual([])
  })

  it('know the few values of the fields that have few', () => {
    expect(knownValues({ kind: 'bookmark' })).toEqual(['yes', 'no'])
    expect(knownValues({ kind: 'term', field: 'access', view: 'whole' })).toContain('denied')
    expect(knownValues({ kind: 'tag' })).toEqual([])
  })
})
