import { describe, expect, it } from 'vitest'
import type { ContainerKind, ParsedFile } from '#engine/intake/types.ts'
import {
  flagged,
  gz,
  ids,
  logText,
  names,
  parse,
  parsePieces,
  raw,
  record,
  records,
  term,
  document,
} from './evidence.ts'

const line = (n: number, more: Record<string, unknown> = {}) => JSON.stringify(record(n, more))
const id = (n: number) => record(n)['eventID']
const lookup = (n: number) => ({
  EventId: id(n),
  EventTime: '2021-11-18T09:41:02-08:00',
  Username: 'ana',
  Resources: [],
  CloudTrailEvent: line(n),
})

type Case = {
  what: string
  kind: ContainerKind
  content: string | Buffer
  events: number
  rejected?: number
  raws?: string[]
  path?: string
}

const eventbridge = JSON.stringify({
  version: '0',
  'detail-type': 'AWS API Call via CloudTrail',
  source: 'aws.s3',
  resources: [],
  detail: record(1),
})
const sns = JSON.stringify({ Type: 'Notification', MessageId: 'm', Message: eventbridge })
const subscription = JSON.stringify({
  messageType: 'DATA_MESSAGE',
  logGroup: 'g',
  logStream: 's',
  logEvents: [
    { id: '1', timestamp: 1, message: line(1) },
    { id: '2', timestamp: 2, message: line(2) },
  ],
})

const cases: Case[] = [
  {
    what: 'a log file on one line',
    kind: 'cloudtrail-log',
    content: logText(records(3)),
    events: 3,
    raws: [line(0), line(1), line(2)],
  },
  {
    what: 'a log file as gzip',
    kind: 'cloudtrail-log',
    content: gz(logText(records(2))),
    events: 2,
    raws: [line(0), line(1)],
  },
  {
    what: 'a log file twice inside gzip',
    kind: 'cloudtrail-log',
    content: gz(gz(logText(records(2)))),
    events: 2,
    raws: [line(0), line(1)],
  },
  {
    what: 'a pretty-printed log file',
    kind: 'cloudtrail-log',
    content: JSON.stringify({ Records: records(2) }, undefined, 2),
    events: 2,
  },
  { what: 'an empty log file', kind: 'cloudtrail-log', content: '{"Records":[]}', events: 0 },
  {
    what: 'Insights events',
    kind: 'insight-log',
    content: logText([
      {
        eventType: 'AwsCloudTrailInsight',
        eventCategory: 'Insight',
        eventID: 'i',
        eventTime: '2024-05-01T00:00:00Z',
        insightDetails: { state: 'Start' },
      },
    ]),
    events: 1,
  },
  {
    what: 'network activity',
    kind: 'network-activity-log',
    content: logText([record(1, { eventCategory: 'NetworkActivity', eventType: 'AwsVpceEvent' })]),
    events: 1,
  },
  {
    what: 'aggregated events',
    kind: 'aggregated-log',
    content: logText([
      { eventVersion: '1.0', eventId: 'a', eventType: 'AwsAggregatedEvent', eventCategory: 'Aggregated' },
    ]),
    events: 1,
  },
  {
    what: 'the console download by its name',
    kind: 'event-history-json',
    path: 'event_history (3).json',
    content: logText(records(2)),
    events: 2,
  },
  {
    what: 'an array of records',
    kind: 'json-records',
    content: JSON.stringify(records(2)),
    events: 2,
    raws: [line(0), line(1)],
  },
  {
    what: 'JSON lines',
    kind: 'json-records',
    content: `${line(0)}\n${line(1)}\r\n\n${line(2)}`,
    events: 3,
    raws: [line(0), line(1), line(2)],
  },
  { what: 'one record', kind: 'json-records', content: line(1), events: 1 },
  {
    what: 'pretty-printed records one after the other',
    kind: 'json-records',
    content: records(2)
      .map((r) => JSON.stringify(r, undefined, 4))
      .join('\n'),
    events: 2,
  },
  {
    what: 'Firehose output without separators',
    kind: 'firehose',
    content: line(0) + line(1) + line(2),
    events: 3,
    raws: [line(0), line(1), line(2)],
  },
  {
    what: 'two log files joined',
    kind: 'cloudtrail-log',
    content: `${logText(records(2))}\n${logText([record(5)])}`,
    events: 3,
  },
  {
    what: 'lookup-events',
    kind: 'lookup-events',
    content: JSON.stringify({ Events: [lookup(1), lookup(2)], NextToken: 'x' }, undefined, 2),
    events: 2,
  },
  {
    what: 'lookup-events as lines',
    kind: 'lookup-events',
    content: `${JSON.stringify(lookup(1))}\n${JSON.stringify(lookup(2))}\n`,
    events: 2,
    raws: [JSON.stringify(lookup(1)), JSON.stringify(lookup(2))],
  },
  { what: 'lookup-events as a bare array', kind: 'lookup-events', content: JSON.stringify([lookup(1)]), events: 1 },
  { what: 'an EventBridge event', kind: 'eventbridge', content: eventbridge, events: 1, raws: [line(1)] },
  { what: 'SNS', kind: 'sns-sqs', content: sns, events: 1 },
  {
    what: 'SQS messages that hold SNS messages',
    kind: 'sns-sqs',
    content: JSON.stringify({ Messages: [{ MessageId: 'a', Body: sns }] }),
    events: 1,
  },
  { what: 'a CloudWatch Logs subscription', kind: 'cloudwatch-logs', content: gz(subscription), events: 2 },
  {
    what: 'filter-log-events',
    kind: 'cloudwatch-logs',
    content: JSON.stringify({ events: [{ logStreamName: 's', timestamp: 1, message: line(1), eventId: 'x' }] }),
    events: 1,
  },
  {
    what: 'a CloudWatch Logs export',
    kind: 'cloudwatch-logs',
    content: `2024-05-01T00:21:40.000Z ${line(1)}\n1714522900000 ${line(2)}\n`,
    events: 2,
    raws: [line(1), line(2)],
  },
  {
    what: 'Logs Insights results',
    kind: 'cloudwatch-logs',
    content: JSON.stringify({
      results: [
        [
          { field: '@timestamp', value: 't' },
          { field: '@message', value: line(1) },
        ],
      ],
      status: 'Complete',
    }),
    events: 1,
  },
  {
    what: 'Lake query results',
    kind: 'lake-results',
    content: JSON.stringify({
      QueryStatus: 'FINISHED',
      QueryResultRows: [
        [
          { eventID: 'x' },
          { eventTime: '2024-05-01 00:00:00.000' },
          { eventName: 'ListUsers' },
          { eventSource: 'iam.amazonaws.com' },
        ],
      ],
    }),
    events: 1,
  },
  {
    what: 'Splunk lines',
    kind: 'splunk',
    content: `${JSON.stringify({ preview: true, result: { _raw: line(9) } })}\n${JSON.stringify({ preview: false, result: { _raw: line(1), _time: 't' } })}\n{"preview":false,"lastrow":true}\n`,
    events: 1,
  },
  {
    what: 'Splunk fields without _raw',
    kind: 'splunk',
    content: JSON.stringify({
      results: [
        {
          result: {
            eventName: 'ListUsers',
            eventSource: 'iam.amazonaws.com',
            eventTime: '2024-05-01T00:00:00Z',
            'userIdentity.arn': 'arn:x',
          },
        },
      ],
    }),
    events: 1,
  },
  {
    what: 'Elasticsearch hits',
    kind: 'elastic',
    content: JSON.stringify({
      took: 1,
      hits: {
        total: 2,
        hits: [
          { _id: '1', _source: { event: { original: line(1) } } },
          { _id: '2', _source: { event: {} } },
        ],
      },
    }),
    events: 1,
    rejected: 1,
  },
  {
    what: 'a wrapper nobody documented',
    kind: 'json-records',
    content: `${JSON.stringify({ file: 'a.yml', log: record(1) })}\n${JSON.stringify({ file: 'b.yml', log: record(2) })}`,
    events: 2,
    raws: [line(1), line(2)],
  },
  {
    what: 'log files inside test cases',
    kind: 'cloudtrail-log',
    content: JSON.stringify([{ data: { Records: [record(1), record(2)] }, description: 'x' }]),
    events: 2,
    raws: [line(1), line(2)],
  },
]

describe('containers', () => {
  it.each(cases)('reads $what', async ({ kind, content, events, rejected, raws, path }) => {
    const file = parse(content, path)
    expect({
      outcome: file.outcome,
      kind: file.kind,
      events: file.records.length,
      rejected: file.rejectedCount,
    }).toEqual({ outcome: 'stored', kind, events, rejected: rejected ?? 0 })
    if (raws !== undefined) expect(file.records.map((r) => raw(content, r))).toEqual(raws)
    for (const r of file.records) expect(raw(content, r)).not.toBe('')
    const streamed = await parsePieces(Buffer.from(content), 700, path)
    expect(streamed).toEqual(file)
  })

  it('takes the inner time of a lookup-events record, not the wrapper in local time', () => {
    expect(parse(JSON.stringify({ Events: [lookup(1)] })).records[0]?.columns.timeMs).toBe(
      Date.UTC(2024, 4, 1, 0, 1, 31),
    )
  })

  it('marks what another program rebuilt', () => {
    const lake = parse(
      JSON.stringify({
        QueryResultRows: [[{ eventID: 'x' }, { eventName: 'A' }, { eventTime: '2024-05-01 00:00:00.000' }]],
      }),
    )
    expect(flagged(lake.records[0]!.columns, 'derived')).toBe(true)
    expect(flagged(parse(eventbridge).records[0]!.columns, 'derived')).toBe(false)
  })

  const proofs: [ContainerKind, string | Buffer][] = [
    [
      'digest',
      JSON.stringify({
        awsAccountId: '1',
        digestS3Object: 'k',
        logFiles: [{ s3Object: 'x', hashValue: 'y' }],
        previousDigestSignature: null,
      }),
    ],
    ['digest', gz(JSON.stringify({ logFiles: [], digestS3Object: 'k' }))],
    ['public-keys', JSON.stringify({ PublicKeyList: [{ Value: 'AA==', Fingerprint: 'f' }] }, undefined, 4)],
    ['public-keys', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'],
    ['public-keys', Buffer.concat([Buffer.from([0x30, 0x82, 0x01, 0x0a]), Buffer.alloc(266, 2)])],
    [
      'signatures',
      `${JSON.stringify({ Key: 'a', Metadata: { signature: 'ab' } })}\n${JSON.stringify({ Key: 'b', Metadata: { signature: 'cd' } })}\n`,
    ],
    ['signatures', JSON.stringify({ Metadata: { signature: 'ab', 'signature-algorithm': 'SHA256withRSA' } })],
    ['signatures', 'HTTP/1.1 200 OK\r\nETag: "x"\r\nx-amz-meta-signature: ab12\r\n\r\n'],
    [
      'lake-sign-file',
      JSON.stringify({ version: '1.0', files: [{ fileName: 'result_1.csv.gz' }], hashSignature: 'ab' }),
    ],
  ]
  it.each(proofs)('stores a %s without records', (kind, content) => {
    expect(parse(content)).toMatchObject({ outcome: 'stored', kind, records: [], rejectedCount: 0 })
  })

  const others: [ParsedFile['outcome'], string, string | Buffer, string?][] = [
    [
      'ignored',
      'Config',
      JSON.stringify({ fileVersion: '1.0', configSnapshotId: 'x', configurationItems: [{ a: 1 }] }),
    ],
    [
      'ignored',
      'S3 event notifications',
      JSON.stringify({
        Records: [{ eventVersion: '2.1', eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', s3: {} }],
      }),
    ],
    ['ignored', 'empty', ''],
    ['ignored', 'macOS', 'x', 'bucket/__MACOSX/._log.json.gz'],
    ['ignored', 'macOS', 'x', 'bucket/.DS_Store'],
    ['ignored', 'Not CloudTrail', '{"name":"package","version":"1.0.0"}'],
    ['ignored', 'Not CloudTrail', '# Readme\n\nText.'],
    ['ignored', 'Not CloudTrail', 'id,name\n1,a\n'],
    ['ignored', 'Not CloudTrail', gz('2021-07-10T20:27:23.000Z I0710 kubelet started\n')],
    ['quarantined', 'OCSF', JSON.stringify({ class_uid: 6003, metadata: { product: { name: 'CloudTrail' } } })],
    ['quarantined', '7z', Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0, 4])],
    ['quarantined', 'xz -d', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0])],
    ['quarantined', 'bzip2 -d', 'BZh91AY&SY'],
    ['quarantined', 'Parquet', 'PAR1xxxx'],
    ['quarantined', 'SQLite', Buffer.from('SQLite format 3\0')],
    ['quarantined', '--output json', 'Events:\n- CloudTrailEvent: "{}"\n'],
    ['quarantined', 'named like', 'hello', '111122223333_CloudTrail_eu-west-1_20240501T0000Z_aaaaaaaaaaaaaaaa.json.gz'],
  ]
  it.each(others)('calls %s with a reason: %s', async (outcome, words, content, path) => {
    const file = parse(content, path ?? 'evidence.bin')
    expect(file).toMatchObject({ outcome, records: [], recordCount: 0 })
    expect(file.reason).toContain(words)
    expect(await parsePieces(Buffer.from(content), 5, path ?? 'evidence.bin')).toMatchObject({ outcome, records: [] })
  })

  it('rejects what is no record among records, and keeps the count', () => {
    const file = parse(`{"Records":[${line(0)},7,null,{"a":1},"x",${line(1)}]}`)
    expect(file).toMatchObject({ outcome: 'stored', recordCount: 2, rejectedCount: 4 })
    expect([...file.records, ...file.rejected].map((r) => r.ordinal).sort()).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('counts every rejected record, and keeps the reasons of the first thousand', () => {
    const file = parse(`{"Records":[${line(0)},${'0,'.repeat(4999)}0]}`)
    expect(file).toMatchObject({ recordCount: 1, rejectedCount: 5000 })
    expect(file.rejected).toHaveLength(1000)
  })
})

describe('CSV', () => {
  const history = `User name,AWS access key,Event time,Event source,Event name,AWS region,Source IP address,User agent,Error code,Resources,Request ID,Event ID,Read-only,Event type,Recipient Account Id,Event category
ana,ASIAEXAMPLE,2021-01-26T22:48:41Z,iam.amazonaws.com,AttachGroupPolicy,us-east-1,203.0.113.9,console.amazonaws.com,,"[{""resourceType"":""AWS::IAM::Policy"",""resourceName"":""arn:aws:iam::aws:policy/x""}]",r-1,e-1,false,AwsApiCall,111122223333,Management
"b, c",,2021-01-26T22:48:42Z,iam.amazonaws.com,ListUsers,us-east-1,203.0.113.9,"multi
line",AccessDenied,,r-2,e-2,true,AwsApiCall,111122223333,Management
`
  it('reads the Event history of today as thin records', async () => {
    const file = parse(history)
    expect(file).toMatchObject({ outcome: 'stored', kind: 'event-history-csv', rejectedCount: 0 })
    expect(ids(file)).toEqual(['e-1', 'e-2'])
    const [first, second] = file.records.map((r) => r.columns)
    expect(flagged(first!, 'partial')).toBe(true)
    expect(flagged(first!, 'timeUncertain')).toBe(false)
    expect(term(first!, 'resource')).toBe('arn:aws:iam::aws:policy/x')
    expect(term(second!, 'userIdentity.userName')).toBe('b, c')
    expect(term(second!, 'access')).toBe('denied')
    expect(raw(history, file.records[1]!)).toBe(history.split('\n').slice(2, 4).join('\n'))
    expect(await parsePieces(Buffer.from(history), 64)).toEqual(file)
  })

  it('reads the Event history of before 2020 and marks its time as uncertain', () => {
    const file = parse(
      'Event ID,Event time,User name,Event name,Resource type,Resources,AWS access key,AWS region,Error code,Source IP address\r\ne-9,"2020-05-13, 04:52:01 PM",root,ConsoleLogin,,,,us-east-1,,203.0.113.1\r\n',
    )
    const columns = file.records[0]!.columns
    expect(columns.timeMs).toBe(Date.UTC(2020, 4, 13, 16, 52, 1))
    expect(flagged(columns, 'timeUncertain')).toBe(true)
  })

  it('reads Athena rows with struct text', () => {
    const row = [
      '1.08',
      '{type=AssumedRole, principalid=AROA:s, arn=arn:aws:sts::1:assumed-role/r/s, accountid=111122223333, sessioncontext={attributes={mfaauthenticated=false, creationdate=2024-05-01T00:00:00Z}, sessionissuer={type=Role, arn=arn:aws:iam::1:role/r, username=r}}}',
      '2024-05-01T00:00:00Z',
      's3.amazonaws.com',
      'GetObject',
      '{"bucketName":"b","key":"k"}',
      'e-5',
      '[{arn=arn:aws:s3:::b, accountid=1, type=AWS::S3::Bucket}]',
      '',
    ]
    const file = parse(
      `"eventversion","useridentity","eventtime","eventsource","eventname","requestparameters","eventid","resources","errorcode"\n${row.map((c) => `"${c.replaceAll('"', '""')}"`).join(',')}\n`,
    )
    expect(file).toMatchObject({ kind: 'athena-csv', recordCount: 1 })
    const columns = file.records[0]!.columns
    expect(term(columns, 'userIdentity.sessionContext.sessionIssuer.arn')).toBe('arn:aws:iam::1:role/r')
    expect(term(columns, 'userIdentity.arn')).toBe('arn:aws:sts::1:assumed-role/r/s')
    expect(term(columns, 'resource')).toBe('arn:aws:s3:::b')
    expect(document(columns, 'requestParameters')).toBe('{"bucketName":"b","key":"k"}')
    expect(flagged(columns, 'derived')).toBe(true)
  })

  it('reads Lake results with their comment line and the whole record when it is there', () => {
    const csv = `# Execution Time: 2022-08-08T21:51:51.723951Z Query Statement: SELECT * FROM x\neventVersion,eventID,eventTime,eventName,eventSource\n1.08,e-1,2022-05-19 21:51:39.000,ListUsers,iam.amazonaws.com\n`
    expect(parse(gz(csv))).toMatchObject({ kind: 'lake-results', recordCount: 1, rejectedCount: 0 })
    const whole = `eventid,eventjson\ne-1,"${line(4).replaceAll('"', '""')}"\n`
    expect(ids(parse(whole))).toEqual([id(4)])
  })

  it('reads the message column of Logs Insights and the raw column of Splunk', () => {
    const cell = `"${line(3).replaceAll('"', '""')}"`
    expect(parse(`@timestamp,@message\n2024,${cell}\n`)).toMatchObject({ kind: 'cloudwatch-logs', recordCount: 1 })
    expect(parse(`_time,_raw\n2024,${cell}\n2024,"{cut"\n`)).toMatchObject({
      kind: 'splunk',
      recordCount: 1,
      rejectedCount: 1,
    })
  })

  it('reads Sentinel rows', () => {
    const file = parse(
      'TimeGenerated,AwsEventId,EventName,EventSource,EventTypeName,UserIdentityArn\n"5/13/2020, 4:52:01.000 PM",e-3,ListUsers,iam.amazonaws.com,AwsApiCall,arn:ana\n',
    )
    expect(file.kind).toBe('sentinel-csv')
    expect(term(file.records[0]!.columns, 'userIdentity.arn')).toBe('arn:ana')
    expect(names(file)).toEqual(['ListUsers'])
  })

  it('says when a spreadsheet has lost digits of account ids', () => {
    const file = parse(
      'Event ID,Event name,AWS region,Event time,Recipient Account Id\ne,ListUsers,us-east-1,2021-01-26T22:48:41Z,5.28758E+11\n',
    )
    expect(file.notes.join()).toContain('spreadsheet')
  })

  it('quarantines a CSV that breaks off inside a cell and keeps the rows before', () => {
    const file = parse(history.slice(0, history.indexOf('line",')))
    expect(file).toMatchObject({ outcome: 'quarantined', recordCount: 1 })
    expect(flagged(file.records[0]!.columns, 'salvaged')).toBe(true)
  })
})

describe('text encodings', () => {
  const text = logText([record(1, { userAgent: 'Grüße 🙂 €' }), record(2)])
  it('reads UTF-16 of both byte orders, with offsets into the file', () => {
    const little = Buffer.from(`\ufeff${text}`, 'utf16le')
    for (const bytes of [little, Buffer.from(little).swap16()]) {
      const file = parse(bytes)
      expect(ids(file)).toEqual([id(1), id(2)])
      const { offset, length } = file.records[1]!
      const slice = Buffer.from(bytes.subarray(offset, offset + length))
      expect((bytes === little ? slice : slice.swap16()).toString('utf16le')).toBe(line(2))
    }
  })
  it('skips a UTF-8 byte order mark, also where files were joined', () => {
    const bytes = `\ufeff${text}\n\ufeff${text}`
    const file = parse(bytes)
    expect(file).toMatchObject({ outcome: 'stored', recordCount: 4, rejectedCount: 0 })
    expect(raw(bytes, file.records[3]!)).toBe(line(2))
  })
})
