import { describe, expect, it } from 'vitest'
import { emptyOptions, optionTrouble, toSelection } from '#renderer/features/evidence/intake-options.ts'

describe('what is typed about an import', () => {
  it('takes several accounts and regions, a day and a time', () => {
    const options = {
      ...emptyOptions,
      accounts: '111122223333, 444455556666',
      regions: 'us-east-1 us-gov-west-1',
      from: '2023-07-10',
      to: '2023-07-10 15:00:00Z',
    }
    expect(optionTrouble(options)).toBeUndefined()
    expect(toSelection(options)).toEqual({
      accounts: ['111122223333', '444455556666'],
      regions: ['us-east-1', 'us-gov-west-1'],
      from: Date.UTC(2023, 6, 10),
      to: Date.UTC(2023, 6, 10, 15),
    })
  })

  it('says which field is wrong', () => {
    const wrong = { ...emptyOptions, accounts: '1234', regions: 'Frankfurt', from: 'yesterday', to: '2023-13-01' }
    expect(Object.keys(optionTrouble(wrong) ?? {}).sort()).toEqual(['accounts', 'from', 'regions', 'to'])
  })

  it('refuses an end that is not after the start', () => {
    expect(optionTrouble({ ...emptyOptions, from: '2023-07-10', to: '2023-07-10' })).toEqual({
      to: 'This must be later than the start.',
    })
  })

  it('asks for everything when nothing was typed', () => {
    expect(optionTrouble(emptyOptions)).toBeUndefined()
    expect(toSelection(emptyOptions)).toEqual({ accounts: [], regions: [] })
  })
})
