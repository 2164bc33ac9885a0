import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { annotatedCase, query, tempFolder, type TestCase } from '../../annotations/annotated-case.ts'

/** What Timesketch has in its index of one event: values as text when they came from a CSV. */
type Indexed = Readonly<Record<string, unknown>>

/**
 * What Timesketch's analyzer for CloudTrail looks at, as far as it depends on the form of the data: it finds events by their data_type, takes
 * the name from event_name, and parses cloud_trail_event for readOnly, errorCode and the user of a login that failed.
 */
function analyzerTags(event: Indexed): string[] {
  if (event['data_type'] !== 'aws:cloudtrail:entry') return []
  const record = JSON.parse(String(event['cloud_trail_event'])) as Indexed
  const name = String(event['event_name'])
  const isRefused = ['AccessDenied', 'UnauthorizedOperation'].includes(String(record['errorCode']))
  return [
    ...(typeof record['readOnly'] === 'boolean' ? [`readOnly:${String(record['readOnly'])}`] : []),
    ...(isRefused ? ['UnauthorizedAPICall'] : []),
    ...(name.endsWith('SecurityGroup') ? ['NetworkChanged'] : []),
    ...(['AssumeRole', 'CreateAccessKey'].includes(name) ? ['SuspicousIAMActivity'] : []),
    ...(['ConsoleLogin', 'GetCallerIdentity'].includes(name) ? [name] : []),
  ]
}

/** A wildcard query of the tagger, such as `*errorCode\":\"AccessDenied*`, over the text of the record. */
const finds = (event: Indexed, part: string): boolean => String(event['cloud_trail_event']).includes(part)

let test: TestCase
beforeAll(async () => {
  test = await annotatedCase(`
    09:00 alice ConsoleLogin
    09:01 alice AssumeRole -> admin
    09:02 admin CreateSecurityGroup -> open source=ec2.amazonaws.com
    09:03 admin StopLogging -> trail !denied
    09:04 admin CreateAccessKey -> mallory
    09:05 mallory GetCallerIdentity`)
})
afterAll(() => test.engine.closeAll())

async function exported(format: 'timesketch' | 'timesketch-csv'): Promise<Indexed[]> {
  const path = join(tempFolder(), format)
  await test.ask('events.export', { query: query(''), format, grant: path })
  const text = readFileSync(path, 'utf8')
  if (format === 'timesketch-csv') return parse(text, { columns: true, bom: true })
  const lines = text.trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line) as Indexed)
}

describe.each(['timesketch', 'timesketch-csv'] as const)('the %s export of a case', (format) => {
  it('is tagged by the CloudTrail analyzer of Timesketch', async () => {
    const events = await exported(format)
    expect(events.map((event) => [event['event_name'], ...analyzerTags(event)])).toEqual([
      ['ConsoleLogin', 'readOnly:false', 'ConsoleLogin'],
      ['AssumeRole', 'readOnly:true', 'SuspicousIAMActivity'],
      ['CreateSecurityGroup', 'readOnly:false', 'NetworkChanged'],
      ['StopLogging', 'readOnly:false', 'UnauthorizedAPICall'],
      ['CreateAccessKey', 'readOnly:false', 'SuspicousIAMActivity'],
      ['GetCallerIdentity', 'readOnly:true', 'GetCallerIdentity'],
    ])
  })

  it('is found by taggers that look into the compact record with wildcards, and only where they should', async () => {
    const events = await exported(format)
    const denied = events.filter((event) => finds(event, 'errorCode":"AccessDenied'))
    expect(denied.map((event) => event['event_name'])).toEqual(['StopLogging'])
    expect(events.filter((event) => finds(event, '"readOnly":true'))).toHaveLength(2)
  })
})
