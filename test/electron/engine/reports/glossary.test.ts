import { describe, expect, it } from 'vitest'
import { glossaryOf } from '#engine/reports/glossary.ts'

describe('the glossary', () => {
  it('explains the terms that occur and no other', () => {
    expect(glossaryOf(['A call to KMS with AKIAEXAMPLE1234567890']).map((one) => one.term)).toEqual([
      'Access key',
      'KMS',
    ])
    expect(glossaryOf(['nothing special, not even AKMSB']).map((one) => one.term)).toEqual([])
  })
})
