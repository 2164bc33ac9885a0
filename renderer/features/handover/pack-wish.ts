import type { AskOf } from '#shared/contract/contract.ts'

/** A signing key as the person chose it: the text of the file, and what opens it. */
export type KeyChoice = { readonly name: string; readonly text: string }

/** What the person wants of a package, as the form holds it. */
export type PackWish = {
  readonly scope: 'all' | 'annotated'
  readonly isSigned: boolean
  readonly key: KeyChoice | null
  readonly keyPassphrase: string
  readonly protect: 'none' | 'passphrase' | 'recipients'
  readonly passphrase: string
  readonly passphraseAgain: string
  /** One age recipient per line. */
  readonly recipients: string
  readonly isSplit: boolean
  readonly to: string
  readonly why: string
  readonly medium: string
}

export const startWish: PackWish = {
  scope: 'all',
  isSigned: false,
  key: null,
  keyPassphrase: '',
  protect: 'none',
  passphrase: '',
  passphraseAgain: '',
  recipients: '',
  isSplit: false,
  to: '',
  why: '',
  medium: '',
}

/** Below the 4 GiB less one byte at which a file on FAT32 ends. */
export const FAT32_PART = 4_000_000_000
/** A passphrase guards a whole case against somebody with time. */
const SHORT = 12

const recipientsOf = (text: string): string[] => text.split(/\s+/).filter((one) => one !== '')

/** Why the package cannot be made yet, in words; nothing when it can. */
export function packTrouble(wish: PackWish): string | undefined {
  if (wish.isSigned && wish.key === null) return 'Choose the signing key, or make one.'
  if (wish.isSigned && wish.keyPassphrase === '') return 'Give the passphrase of the signing key.'
  if (wish.protect === 'passphrase' && wish.passphrase.length < SHORT)
    return `The passphrase needs at least ${SHORT} characters; several words are best.`
  if (wish.protect === 'passphrase' && wish.passphrase !== wish.passphraseAgain)
    return 'The two passphrases are not the same.'
  const recipients = recipientsOf(wish.recipients)
  if (wish.protect === 'recipients' && recipients.length === 0) return 'Name at least one recipient.'
  const strange = wish.protect === 'recipients' ? recipients.find((one) => !/^age1[a-z0-9]{20,}$/.test(one)) : undefined
  return strange === undefined ? undefined : `${strange.slice(0, 40)} is no age recipient: one begins with age1.`
}

/** What the engine is asked, without the case and the place. */
export function packInput(wish: PackWish): Omit<AskOf<'packages.pack'>, 'caseId' | 'grant'> {
  return {
    scope: wish.scope,
    recipients: wish.protect === 'recipients' ? recipientsOf(wish.recipients) : [],
    ...(wish.protect === 'passphrase' && { passphrase: wish.passphrase }),
    ...(wish.isSigned && wish.key && { sign: { key: wish.key.text, passphrase: wish.keyPassphrase } }),
    ...(wish.isSplit && { splitBytes: FAT32_PART }),
    transfer: { to: wish.to.trim(), why: wish.why.trim(), medium: wish.medium.trim() },
  }
}

/** A file name from the case's number or title: `ACME-1.tcase`, which a double click opens; with `.age` behind it when it is encrypted. */
export function packageFileName(number: string, title: string, wish: Pick<PackWish, 'protect'>): string {
  const plain = (number.trim() === '' ? title : number)
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80)
  return `${plain === '' ? 'case' : plain}.tcase${wish.protect === 'none' ? '' : '.age'}`
}
