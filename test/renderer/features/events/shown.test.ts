import { describe, expect, it } from 'vitest'
import { everything } from '#shared/domain/query/query.ts'
import { shortPrincipal, shortService } from '#renderer/features/events/event-fields.ts'
import { isFolded, noises, toggleNoise } from '#renderer/features/events/noise.ts'
import { noColumns, readColumns } from '#renderer/features/events/saved-columns.ts'
import { seriesTokens } from '#renderer/features/events/series-tokens.ts'

describe('shortPrincipal', () => {
  it.each([
    ['arn:aws:iam::111122223333:user/team/alice', 'alice'],
    ['arn:aws:sts::111122223333:assumed-role/Admin/session-1', 'Admin/session-1'],
    ['arn:aws:iam::111122223333:root', 'root of 111122223333'],
    ['arn:aws:sts::111122223333:federated-user/bob', 'bob'],
    ['lambda.amazonaws.com', 'lambda.amazonaws.com'],
    ['arn:odd', 'arn:odd'],
    ['', ''],
  ])('shows %s as %s', (whole, short) => {
    expect(shortPrincipal(whole)).toBe(short)
  })
})

describe('shortService', () => {
  it('leaves out only the end that all services share', () => {
    expect(shortService('s3.amazonaws.com')).toBe('s3')
    expect(shortService('s3.amazonaws.com.cn')).toBe('s3')
    expect(shortService('amazonaws.com.evil')).toBe('amazonaws.com.evil')
  })
})

describe('seriesTokens', () => {
  it('keeps the colour of a value while others come and go', () => {
    const first = seriesTokens('eventSource', ['s3', 'iam', 'kms'], {})
    const second = seriesTokens('eventSource', ['iam', 'sts'], first)
    const third = seriesTokens('eventSource', ['s3', 'iam', 'sts'], second)
    expect(second['iam']).toBe(first['iam'])
    expect(third['iam']).toBe(first['iam'])
    expect(third['sts']).toBe(second['sts'])
  })

  it('gives no two values in sight the same hue, and the rest its grey', () => {
    const values = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'others']
    const tokens = seriesTokens('eventName', values, {})
    expect(new Set(values.map((value) => tokens[value])).size).toBe(values.length)
    expect(tokens['others']).toBe('--series-rest')
  })

  it('draws denied calls and verdicts in the colours that mean them', () => {
    expect(seriesTokens('access', ['denied'], {})['denied']).toBe('--denied')
    expect(seriesTokens('integrity', ['modified'], {})['modified']).toBe('--altered')
  })

  it('is not led astray by values named like properties', () => {
    const values = ['__proto__', 'constructor', 'toString']
    const tokens = new Map(Object.entries(seriesTokens('eventName', values, {})))
    for (const value of values.slice(1)) expect(tokens.get(value)).toMatch(/^--series-/)
  })
})

describe('noise', () => {
  it('is folded by a filter that stands in the query, and unfolded by taking it off', () => {
    for (const noise of noises) {
      const folded = toggleNoise(everything, noise)
      expect(folded.facets).toEqual([{ field: noise.field, values: [noise.value], exclude: true }])
      expect(isFolded(folded, noise)).toBe(true)
      expect(toggleNoise(folded, noise)).toEqual(everything)
    }
  })
})

describe('readColumns', () => {
  it('reads what it wrote, and nothing that is not in this form', () => {
    const saved = { layout: [{ id: 'time', width: 100, hidden: false }], paths: ['requestParameters.bucketName'] }
    expect(readColumns(JSON.parse(JSON.stringify(saved)))).toEqual(saved)
    expect(readColumns(noColumns)).toEqual(noColumns)
    for (const wrong of [null, 3, [], {}, { layout: 1, paths: [] }, { layout: [], paths: [1] }])
      expect(readColumns(wrong)).toBeUndefined()
    expect(readColumns({ layout: [{ id: 1 }], paths: [] })).toEqual(noColumns)
  })
})
