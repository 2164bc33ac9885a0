import { describe, expect, it } from 'vitest'
import { packageFileName, packInput, packTrouble, startWish } from '#renderer/features/handover/pack-wish.ts'

const recipient = `age1${'q'.repeat(58)}`

describe('the wish for a package', () => {
  it('can be packed as it stands at first: the whole case, unsigned, open to anyone', () => {
    expect(packTrouble(startWish)).toBeUndefined()
    expect(packInput(startWish)).toEqual({ scope: 'all', recipients: [], transfer: { to: '', why: '', medium: '' } })
  })

  it('asks for what is missing, in words', () => {
    expect(packTrouble({ ...startWish, isSigned: true })).toContain('signing key')
    const key = { name: 'a.key', text: 'secret' }
    expect(packTrouble({ ...startWish, isSigned: true, key })).toContain('passphrase of the signing key')
    const secret = { ...startWish, protect: 'passphrase' as const, passphrase: 'short' }
    expect(packTrouble(secret)).toContain('12 characters')
    const long = { ...secret, passphrase: 'long enough to guard', passphraseAgain: 'another' }
    expect(packTrouble(long)).toContain('not the same')
    expect(packTrouble({ ...startWish, protect: 'recipients' })).toContain('at least one')
    expect(packTrouble({ ...startWish, protect: 'recipients', recipients: 'ssh-ed25519 AAAA' })).toContain('age1')
  })

  it('takes only what is switched on', () => {
    const wish = {
      ...startWish,
      key: { name: 'a.key', text: 'secret' },
      keyPassphrase: 'pass',
      passphrase: 'left over from before',
      protect: 'recipients' as const,
      recipients: ` ${recipient}\n\n${recipient} `,
      isSplit: true,
      to: ' K. Meyer ',
    }
    expect(packInput(wish)).toEqual({
      scope: 'all',
      recipients: [recipient, recipient],
      splitBytes: 4_000_000_000,
      transfer: { to: 'K. Meyer', why: '', medium: '' },
    })
    expect(packInput({ ...wish, isSigned: true })).toMatchObject({ sign: { key: 'secret', passphrase: 'pass' } })
  })

  it('suggests a plain file name from any title', () => {
    expect(packageFileName('ACME-1', 'x', { protect: 'none' })).toBe('ACME-1.tcase')
    expect(packageFileName('', '../..\u202E"a b"', { protect: 'passphrase' })).toBe('a-b.tcase.age')
    expect(packageFileName('', '..', { protect: 'none' })).toBe('case.tcase')
  })
})
