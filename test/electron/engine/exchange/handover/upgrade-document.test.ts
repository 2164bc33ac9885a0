import { describe, expect, it } from 'vitest'
import { documentNames, PACKAGE_VERSION } from '#engine/exchange/handover/documents.ts'
import { upgraded, upgradeSteps, type UpgradeStep } from '#engine/exchange/handover/upgrade-document.ts'

const add = (word: string) => (value: unknown) => [...(value as string[]), word]
const steps: readonly UpgradeStep[] = [
  { [documentNames.operations]: add('1 to 2') },
  { [documentNames.index]: add('index 2 to 3') },
  { [documentNames.operations]: add('3 to 4') },
]

describe('a document of an older package', () => {
  it('goes through every step from its own version on, in order', () => {
    expect(upgraded(documentNames.operations, [], 1, steps)).toEqual(['1 to 2', '3 to 4'])
    expect(upgraded(documentNames.operations, [], 2, steps)).toEqual(['3 to 4'])
    expect(upgraded(documentNames.index, [], 1, steps)).toEqual(['index 2 to 3'])
  })
  it('stays as it is when it is of the present version, or its form never changed', () => {
    const value = ['as it is']
    expect(upgraded(documentNames.operations, value, 4, steps)).toBe(value)
    expect(upgraded(documentNames.transfers, value, 1, steps)).toBe(value)
    expect(upgraded(documentNames.operations, value, PACKAGE_VERSION)).toBe(value)
  })
  it('always has a way to the present version: raising the version without a step fails here', () => {
    expect(upgradeSteps).toHaveLength(PACKAGE_VERSION - 1)
  })
})
