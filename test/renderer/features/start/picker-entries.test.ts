import { describe, expect, it } from 'vitest'
import { pickerEntries } from '#renderer/features/start/picker-entries.ts'

const file = (name: string) => ({ name, size: 1, modifiedMs: 0 })
const listing = {
  folders: ['.cache', 'AWSLogs', 'keys'],
  files: [file('.hidden'), file('a.json.gz'), file('old.TRAILCASE')],
  filesLeftOut: 0,
}
const names = (filter: string, extension?: string) =>
  pickerEntries(listing, filter, extension).map((entry) => entry.name)

describe('what the picker lists', () => {
  it('puts folders before files, and names with a dot last in each', () => {
    expect(names('')).toEqual(['AWSLogs', 'keys', '.cache', 'a.json.gz', 'old.TRAILCASE', '.hidden'])
  })

  it('narrows by letters anywhere in the name, in either case', () => {
    expect(names(' AWSL ')).toEqual(['AWSLogs'])
    expect(names('nothing')).toEqual([])
  })

  it('keeps all folders when only files of one extension are wanted', () => {
    expect(names('', '.trailcase')).toEqual(['AWSLogs', 'keys', '.cache', 'old.TRAILCASE'])
  })

  it('is empty while the folder is being read', () => {
    expect(pickerEntries(undefined, '', undefined)).toEqual([])
  })
})
