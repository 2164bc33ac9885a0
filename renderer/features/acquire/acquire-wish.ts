import { parseUtc, type UtcMs } from '#shared/base/time.ts'
import { parseS3Address } from '#shared/domain/s3-address.ts'
import type { AskOf } from '#shared/contract/contract.ts'

/** What is typed about an acquisition, as text. The secret is nowhere else, and gone with the page. */
export type AcquireForm = {
  readonly address: string
  readonly endpoint: string
  readonly bucketRegion: string
  readonly keys: 'profile' | 'typed'
  readonly profile: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly accounts: string
  readonly regions: string
  readonly from: string
  readonly to: string
  readonly olderVersions: boolean
}

export const emptyForm: AcquireForm = {
  address: '',
  endpoint: '',
  bucketRegion: '',
  keys: 'profile',
  profile: '',
  accessKeyId: '',
  secretAccessKey: '',
  sessionToken: '',
  accounts: '',
  regions: '',
  from: '',
  to: '',
  olderVersions: false,
}

export type FormTrouble = Partial<Record<keyof AcquireForm, string>>

const TIME = 'Write it as 2023-07-10 12:03:44Z, or as a bare day.'

/** What cannot be read, field by field. Fields that are still empty are in no trouble; `isComplete` asks for them. */
export function formTrouble(form: AcquireForm): FormTrouble {
  const trouble: FormTrouble = {}
  const { endpoint, from, to } = form
  if (form.address.trim() !== '' && !parseS3Address(form.address))
    trouble.address = 'Write it as s3://BUCKET or s3://BUCKET/PREFIX.'
  if (endpoint.trim() !== '' && !/^https?:\/\/[^\s/]+/.test(endpoint.trim()))
    trouble.endpoint = 'Write the whole address, with https:// before it.'
  if (form.bucketRegion.trim() !== '' && !/^[a-z0-9-]{1,40}$/.test(form.bucketRegion.trim()))
    trouble.bucketRegion = 'Write a region such as eu-central-1.'
  if (words(form.accounts).some((account) => !/^\d{12}$/.test(account)))
    trouble.accounts = 'An account id has twelve digits. Write several with commas between.'
  if (timeOf(from) === 'wrong') trouble.from = TIME
  if (timeOf(to) === 'wrong') trouble.to = TIME
  return trouble
}

/** Whether the bucket can be asked with what is there. */
export function isComplete(form: AcquireForm): boolean {
  const hasKeys =
    form.keys === 'profile'
      ? form.profile.trim() !== ''
      : form.accessKeyId.trim() !== '' && form.secretAccessKey.trim() !== ''
  return hasKeys && parseS3Address(form.address) !== undefined && Object.keys(formTrouble(form)).length === 0
}

type Input = Omit<AskOf<'host.acquire'>, 'target' | 'examiner'>

/** The same as the host takes it. Call it when `isComplete`. */
export function toInput(form: AcquireForm): Input {
  const { bucket, prefix } = parseS3Address(form.address)!
  const [from, to] = [timeOf(form.from), timeOf(form.to)]
  const token = form.sessionToken.trim()
  return {
    wish: {
      bucket,
      prefix,
      endpoint: form.endpoint.trim() === '' ? null : form.endpoint.trim(),
      bucketRegion: form.bucketRegion.trim() === '' ? null : form.bucketRegion.trim(),
      accounts: words(form.accounts),
      regions: words(form.regions),
      olderVersions: form.olderVersions,
      ...(typeof from === 'number' && { from }),
      ...(typeof to === 'number' && { to }),
    },
    credentials:
      form.keys === 'profile'
        ? { kind: 'profile', name: form.profile.trim() }
        : {
            kind: 'keys',
            accessKeyId: form.accessKeyId.trim(),
            secretAccessKey: form.secretAccessKey.trim(),
            ...(token !== '' && { sessionToken: token }),
          },
  }
}

const words = (text: string): string[] => text.split(/[\s,;]+/).filter((word) => word !== '')

const timeOf = (text: string): UtcMs | 'wrong' | undefined =>
  text.trim() === '' ? undefined : (parseUtc(text) ?? 'wrong')
