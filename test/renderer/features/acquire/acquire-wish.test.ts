import { describe, expect, it } from 'vitest'
import { emptyForm, formTrouble, isComplete, toInput } from '#renderer/features/acquire/acquire-wish.ts'

const filled = { ...emptyForm, address: 's3://trail-bucket/my trail/', profile: 'ir' }

describe('what is typed about an acquisition', () => {
  it('becomes what the host takes', () => {
    expect(isComplete(filled)).toBe(true)
    expect(toInput({ ...filled, accounts: '111122223333, 444455556666', from: '2024-05-01' })).toEqual({
      wish: {
        bucket: 'trail-bucket',
        prefix: 'my trail/',
        endpoint: null,
        bucketRegion: null,
        accounts: ['111122223333', '444455556666'],
        regions: [],
        olderVersions: false,
        from: Date.UTC(2024, 4, 1),
      },
      credentials: { kind: 'profile', name: 'ir' },
    })
  })

  it('needs a bucket and keys', () => {
    expect(isComplete({ ...filled, address: '' })).toBe(false)
    expect(isComplete({ ...filled, profile: ' ' })).toBe(false)
    const typed = { ...filled, keys: 'typed' as const, accessKeyId: 'AKIA' }
    expect(isComplete(typed)).toBe(false)
    expect(toInput({ ...typed, secretAccessKey: 's', sessionToken: 't' }).credentials).toEqual({
      kind: 'keys',
      accessKeyId: 'AKIA',
      secretAccessKey: 's',
      sessionToken: 't',
    })
  })

  it('is not taken where it cannot be read, field by field', () => {
    const wrong = { ...filled, address: 'https://bucket', endpoint: 'minio', accounts: '12', from: 'monday' }
    expect(Object.keys(formTrouble(wrong)).sort()).toEqual(['accounts', 'address', 'endpoint', 'from'])
    expect(isComplete(wrong)).toBe(false)
  })
})
