import { join } from 'node:path'
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { defaultLimits } from '#engine/intake/limits.ts'
import { listEntries } from '#engine/intake/list-entries.ts'
import { parseFile } from '#engine/intake/parse-file.ts'
import type { ParsedFile } from '#engine/intake/types.ts'

const DATA = join(import.meta.dirname, '../../../../../shared/data')

async function readAll(folder: string): Promise<{ path: string; file: ParsedFile }[]> {
  const files: { path: string; file: ParsedFile }[] = []
  const options = { signal: new AbortController().signal, limits: defaultLimits }
  for await (const entry of listEntries(`${DATA}/${folder}`, options)) {
    if ('outcome' in entry) continue
    files.push({ path: entry.path, file: parseFile(entry.path, await entry.read(), defaultLimits) })
  }
  return files
}

/** Events, files stored, and files quarantined of each set; licences and texts are ignored. */
const sets: [folder: string, events: number, stored: number, quarantined: number][] = [
  ['invictus/CloudTrail', 2900, 55, 0],
  ['stratus', 101, 18, 0],
  ['otrf', 103, 1, 0],
  ['plaso', 6, 1, 0],
  ['splunk', 48, 1, 0],
  ['streamalert', 21, 5, 0],
  ['cloud-custodian', 4, 4, 0],
  ['trailscraper', 7, 3, 0],
  ['cado-cloudgrep', 2, 2, 1],
]

describe.skipIf(!existsSync(DATA))('records of public projects (skipped on machines without that folder)', () => {
  it.each(sets)('reads %s: %i events in %i files', async (folder, events, stored, quarantined) => {
    const files = (await readAll(folder)).map(({ file }) => file)
    expect({
      events: files.reduce((sum, file) => sum + file.recordCount, 0),
      rejected: files.reduce((sum, file) => sum + file.rejectedCount, 0),
      stored: files.filter((file) => file.outcome === 'stored').length,
      quarantined: files.filter((file) => file.outcome === 'quarantined').length,
    }).toEqual({ events, rejected: 0, stored, quarantined })
  })

  it('finds a time and a name in every event', async () => {
    for (const { file } of await readAll('invictus/CloudTrail')) {
      for (const { columns } of file.records) {
        expect(columns.timeMs).toBeGreaterThan(Date.UTC(2023, 0, 1))
        expect(columns.terms[1]).toBeTruthy()
      }
    }
  })
})
