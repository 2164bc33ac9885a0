import { createHash } from 'node:crypto'
import { utcMs, type UtcMs } from '#shared/base/time.ts'
import type { IntegrityFacts, RawRecord, ReportModel, TimelineRow } from '#shared/domain/report.ts'

export const at = (text: string): UtcMs => utcMs(Date.parse(text))
export const sha = (text: string): string => createHash('sha256').update(text).digest('hex')
export const exhibit = (n: number): string => `AR-${String(n).padStart(4, '0')}`

const calls = [
  ['signin.amazonaws.com', 'ConsoleLogin', 'ok'],
  ['sts.amazonaws.com', 'GetCallerIdentity', 'ok'],
  ['iam.amazonaws.com', 'CreateAccessKey', 'denied'],
  ['iam.amazonaws.com', 'AttachUserPolicy', 'ok'],
  ['cloudtrail.amazonaws.com', 'StopLogging', 'ok'],
  ['s3.amazonaws.com', 'PutBucketVersioning', 'failed'],
  ['kms.amazonaws.com', 'ScheduleKeyDeletion', 'denied'],
] as const

/** A row that differs from its neighbours in every column. */
export function row(n: number, changes: Partial<TimelineRow> = {}): TimelineRow {
  const [service, event, kind] = calls[n % calls.length] ?? calls[0]
  return {
    exhibit: n % 3 === 0 ? exhibit(n + 1) : null,
    time: utcMs(at('2023-07-10T12:03:44Z') + Math.floor(n / 2) * 71_000),
    who: n % 2 === 0 ? 'svc-backup' : 'AdminRole/alice',
    whoFull:
      n % 2 === 0
        ? 'arn:aws:iam::111122223333:user/svc-backup'
        : 'arn:aws:sts::111122223333:assumed-role/AdminRole/alice',
    service,
    event,
    from: `203.0.113.${n % 250}`,
    userAgent:
      n % 2 === 0
        ? 'aws-cli/2.13.5 Python/3.11.4 Linux/5.15 exe/x86_64 prompt/off command/iam.create-access-key'
        : 'Mozilla/5.0 (X11; Linux x86_64)',
    result: { kind, code: kind === 'ok' ? '' : kind === 'denied' ? 'AccessDenied' : 'NoSuchBucket' },
    tags:
      n % 4 === 0
        ? [{ name: 'persistence', shape: 'triangle' }]
        : n % 4 === 1
          ? [
              { name: 'exfiltration', shape: 'disc' },
              { name: 'reviewed', shape: 'box' },
            ]
          : [],
    comments: n % 5 === 0 ? [{ title: 'First use of this key', note: 'Outside the **office network**.' }] : [],
    file: 1 + (n % 3),
    record: n + 1,
    integrity: n % 7 === 6 ? 'modified' : 'proven',
    ...changes,
  }
}

export const rows = (count: number): TimelineRow[] => Array.from({ length: count }, (_, n) => row(n))

export const cleanIntegrity: IntegrityFacts = {
  checkedAt: at('2026-11-20T09:58:00Z'),
  sources: { match: 3, differ: [], unreadable: [] },
  custodyLog: { entries: 184, head: sha('head'), valid: true, detail: '' },
  digests: { sentence: '3 of 3 log files are proven.', clean: true, findings: [] },
  otherChecks: [{ name: 'columns against originals', checked: 1284331, failures: [] }],
  package: { name: 'ACME-2026-014.tcase.zip', sha256: sha('package'), signedBy: 'A. Rossi, RWQf6LRCGA9i53ml' },
}

const rawText = (n: number): string =>
  `{"eventVersion":"1.08","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/svc-backup","accountId":"111122223333","tags":[],"extra":{}},"eventTime":"2023-07-10T12:03:44Z","eventName":"StopLogging","eventID":"id-${n}","requestParameters":{"name":"arn:aws:cloudtrail:eu-central-1:111122223333:trail/management","big":9007199254740993,"name":"twice"}}`

export function record(n: number, changes: Partial<RawRecord> = {}): RawRecord {
  const text = changes.text ?? rawText(n)
  return {
    exhibit: exhibit(n + 1),
    eventId: `id-${n}`,
    file: 1 + (n % 3),
    record: n + 1,
    text,
    bytes: Buffer.byteLength(text),
    sha256: sha(text),
    limit: 20_000,
    ...changes,
  }
}

/** A whole, clean report with this many rows. Every bookmark is in, or counted as excluded. */
export function sampleModel(count: number, changes: Partial<ReportModel> = {}): ReportModel {
  const all = changes.timeline?.rows ?? rows(count)
  const bookmarked = all.filter((one) => one.exhibit !== null).length
  const first = all[0]?.time ?? at('2023-07-10T00:00:00Z')
  const last = all.at(-1)?.time ?? at('2023-07-11T00:00:00Z')
  return {
    format: 1,
    case: {
      number: 'ACME-2026-014',
      title: 'Unauthorised access through a backup user',
      clientMatter: 'ACME GmbH, matter 4711',
      owner: 'Dr. L. Brandt',
      authority: 'Engagement letter of 2026-11-02, section 3',
      scope: 'Account 111122223333, all regions, 2023-07-01 to 2023-07-31',
      zone: 'Europe/Berlin',
      tlp: 'AMBER+STRICT',
    },
    report: {
      uuid: '0190a5b2-7c1e-7d3a-9b58-2f6e1d0c4a77',
      title: 'Access through the user svc-backup',
      status: 'DRAFT',
      revision: 2,
      printedAt: at('2026-11-20T10:00:00Z'),
      examiners: [
        { name: 'A. Rossi', organisation: 'Example Response Ltd', badge: 'ER-17', keyFingerprint: 'RWQf6LRCGA9i53ml' },
      ],
      tool: { name: 'Trailcase', version: '0.1.0', commit: '114525b' },
      period: { from: first, to: last },
    },
    revisions: [
      { number: 1, at: at('2026-11-18T15:00:00Z'), by: 'A. Rossi', change: 'First draft' },
      { number: 2, at: at('2026-11-20T10:00:00Z'), by: 'A. Rossi', change: 'Second import added, finding 2 restated' },
    ],
    distribution: [{ name: 'Dr. L. Brandt', organisation: 'ACME GmbH', purpose: 'Case owner' }],
    questions: [
      {
        question: 'How did the intruder obtain access?',
        answer: 'With the access key of `svc-backup`; see finding 1.',
      },
      { question: 'Was data taken?', answer: '' },
    ],
    summary:
      'On 10 July 2023 the access key of **svc-backup** was used from outside the office network.\n\nWithin minutes:\n\n- logging was stopped,\n- a policy was attached,\n- key deletion was attempted and `AccessDenied`.',
    findings: [
      {
        number: 1,
        title: 'The key of svc-backup was used by someone else',
        assertion: 'inference',
        confidence: 'medium',
        statement:
          'The key was used from an address that no earlier event shows, at a time when the backup does not run.',
        alternatives: ['The backup was run by hand from a mobile network.'],
        exhibits: [exhibit(1), exhibit(4)],
        by: 'A. Rossi',
        at: at('2026-11-19T11:00:00Z'),
      },
      {
        number: 2,
        title: 'Logging was stopped',
        assertion: 'fact',
        confidence: 'high',
        statement: 'StopLogging succeeded.',
        alternatives: [],
        exhibits: [exhibit(7)],
        by: 'A. Rossi',
        at: at('2026-11-19T11:30:00Z'),
      },
    ],
    narrative: [
      { kind: 'prose', text: 'The story in order.' },
      { kind: 'finding', number: 1 },
      { kind: 'exhibit', exhibit: exhibit(1), text: 'is the *first* call.' },
      { kind: 'view', title: 'Denied calls', query: 'access:denied', shown: 12, total: 1284331 },
    ],
    timeline: { rows: all, gapMs: 3_600_000 },
    selection: {
      total: 1284331,
      filter: count === 0 ? 'eventName:Nothing' : 'bookmarks and context, eventTime>=2023-07-10T12:00:00Z',
      sort: 'event time, oldest first',
      bookmarksInCase: bookmarked + 2,
      excluded: [
        { exhibit: 'AR-9001', time: at('2023-07-10T08:00:00Z'), event: 'ListBuckets', reason: 'outside the filter' },
        { exhibit: 'AR-9002', time: at('2023-07-10T08:00:01Z'), event: 'ListUsers', reason: 'outside the filter' },
      ],
    },
    chart: {
      from: first,
      to: last,
      density: Array.from({ length: 120 }, (_, n) => Math.round(40 + 38 * Math.sin(n / 7) + (n === 60 ? 300 : 0))),
      coverage: [
        { from: first, to: utcMs(first + (last - first) * 0.4), state: 'proven' },
        { from: utcMs(first + (last - first) * 0.4), to: utcMs(first + (last - first) * 0.6), state: 'listed' },
        { from: utcMs(first + (last - first) * 0.6), to: utcMs(first + (last - first) * 0.7), state: 'broken' },
        { from: utcMs(first + (last - first) * 0.7), to: last, state: 'none' },
      ],
      pins: all.flatMap((one) =>
        one.exhibit === null ? [] : [{ time: one.time, exhibit: one.exhibit, label: one.event }],
      ),
    },
    evidence: {
      storage: 'copied into the case',
      sources: [
        {
          exhibit: 'EV-001',
          description: 'Copy of the log bucket',
          path: '/media/evidence/acme-trail-logs',
          bytes: 57_000_000,
          sha256: null,
          acquiredBy: 'K. Meyer',
          acquiredAt: at('2026-11-05T08:12:00Z'),
          acquiredHow: 'aws s3 sync to a sealed drive',
        },
        {
          exhibit: 'EV-002',
          description: 'Export by the provider',
          path: 'provider-export.zip',
          bytes: 1_200_345,
          sha256: sha('zip'),
          acquiredBy: '',
          acquiredAt: null,
          acquiredHow: '',
        },
      ],
      files: [1, 2, 3].map((number) => ({
        number,
        source: 'EV-001',
        path: `AWSLogs/111122223333/CloudTrail/eu-central-1/2023/07/10/111122223333_CloudTrail_eu-central-1_20230710T12${number}5Z_Uk9yTm4Wq3h0Ld8f.json.gz`,
        bytes: 12_345 * number,
        sha256: sha(`file ${number}`),
        records: 120 * number,
        first,
        last,
        verdict: 'proven by link',
        recheck: { at: at('2026-11-20T09:58:00Z'), result: 'match' as const },
      })),
      filesTotal: 30_049,
      entries: { seen: 30_060, stored: 30_049, duplicate: 6, quarantined: 1, ignored: 4 },
      records: { read: 1_284_340, stored: 1_284_331, duplicate: 9, conflict: 0, rejected: 0 },
      quarantine: [
        {
          path: 'AWSLogs/111122223333/CloudTrail/eu-central-1/2023/07/10/broken.json.gz',
          reason: 'gzip stream ends early',
        },
      ],
      gaps: [
        {
          account: '111122223333',
          region: 'eu-central-1',
          from: at('2023-07-10T13:00:00Z'),
          to: at('2023-07-10T14:00:00Z'),
          reason: 'StopLogging at 12:05:02Z',
        },
      ],
    },
    method: {
      steps: [
        'The log bucket was imported read-only; every file was hashed before it was read.',
        'Digests were validated against the public keys of the region.',
      ],
      tools: [
        { name: 'Trailcase', version: '0.1.0', detail: 'commit 114525b' },
        { name: 'SQLite', version: '3.52.0', detail: 'through sqlite3 6.0.1' },
      ],
      secondTool: [
        {
          purpose: 'Number of records in a file:',
          command:
            "zcat 111122223333_CloudTrail_eu-central-1_20230710T1215Z_Uk9yTm4Wq3h0Ld8f.json.gz | jq '.Records | length'",
        },
      ],
    },
    limitations: ['S3 data events were not recorded in this account.'],
    integrity: cleanIntegrity,
    custody: {
      entries: [1, 2, 3].map((seq) => ({
        seq,
        at: at(`2026-11-20T09:0${seq}:00Z`),
        actor: 'A. Rossi',
        action: 'tag.add',
        detail: 'persistence on 12 events',
        hash: sha(`custody ${seq}`),
      })),
      total: 184,
      transfers: [
        {
          releasedBy: 'K. Meyer',
          receivedBy: 'A. Rossi',
          at: at('2026-11-05T10:00:00Z'),
          why: 'Examination',
          media: 'sealed drive SN 4711',
          how: 'by hand',
          sha256Before: sha('drive'),
          sha256After: sha('drive'),
        },
      ],
    },
    records: all.flatMap((one, n) => (one.exhibit === null || n > 60 ? [] : [record(n)])),
    redactions: [],
    certificate: true,
    ...changes,
  }
}
