import { parseUtc, type UtcMs } from '#shared/base/time.ts'

/** What is typed about an import, as text. */
export type IntakeOptions = {
  readonly mode: 'copy' | 'reference'
  readonly accounts: string
  readonly regions: string
  readonly from: string
  readonly to: string
}

export const emptyOptions: IntakeOptions = { mode: 'copy', accounts: '', regions: '', from: '', to: '' }

type Field = 'accounts' | 'regions' | 'from' | 'to'

/** What is wrong, field by field; undefined when all can be read. */
export function optionTrouble(options: IntakeOptions): Partial<Record<Field, string>> | undefined {
  const trouble: Partial<Record<Field, string>> = {}
  const wrong = listed(options.accounts).find((account) => !/^\d{12}$/.test(account))
  if (wrong !== undefined) trouble.accounts = 'An account id has twelve digits. Write several with commas between.'
  if (listed(options.regions).some((region) => !/^[a-z]{2,8}(-[a-z]{2,12}){1,3}-\d{1,2}$/.test(region)))
    trouble.regions = 'Write regions as us-east-1, with commas between.'
  const [from, to] = [time(options.from), time(options.to)]
  if (from === 'wrong') trouble.from = TIME
  if (to === 'wrong') trouble.to = TIME
  if (typeof from === 'number' && typeof to === 'number' && to <= from)
    trouble.to = 'This must be later than the start.'
  return Object.keys(trouble).length === 0 ? undefined : trouble
}

const TIME = 'Write it as 2023-07-10 12:03:44Z, or as a bare day.'

/** The same as the import takes it; only what was typed. Call it when `optionTrouble` finds nothing. */
export function toSelection(options: IntakeOptions): {
  accounts: string[]
  regions: string[]
  from?: UtcMs
  to?: UtcMs
} {
  const [from, to] = [time(options.from), time(options.to)]
  return {
    accounts: listed(options.accounts),
    regions: listed(options.regions),
    ...(typeof from === 'number' && { from }),
    ...(typeof to === 'number' && { to }),
  }
}

const listed = (text: string): string[] => text.split(/[\s,;]+/).filter((part) => part !== '')

const time = (text: string): UtcMs | 'wrong' | undefined =>
  text.trim() === '' ? undefined : (parseUtc(text) ?? 'wrong')
