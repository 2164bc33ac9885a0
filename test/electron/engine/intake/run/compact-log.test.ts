import fc from 'fast-check'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { documentFields, identifierFields, termFields } from '#shared/domain/fields.ts'
import { parseWithContent } from '#engine/intake/parse-file.ts'
import { defaultLimits, type Limits } from '#engine/intake/limits.ts'
import { BatchEncoder } from '#engine/intake/run/batch-encoder.ts'
import type { NewTexts, RecordColumns } from '#engine/intake/run/batch.ts'
import { makeSample } from '#engine/sample/make-sample.ts'

const PATH = '111122223333_CloudTrail_eu-west-1_20240102T0305Z_AbCdEfGh.json'
const TERMS = termFields.length
const WIDTH = TERMS + documentFields.length

/** Rows with their texts in place of numbers; numbers that a worker gave before go on counting in `known`. */
function rowsOf(known: Known, { columns, texts }: { columns: RecordColumns; texts: NewTexts }): unknown[] {
  for (const field of texts.restartedTerms) known.terms[field] = ['']
  if (texts.restartedDocuments) known.documents = ['']
  texts.terms.texts.forEach((text, n) => known.terms[texts.terms.fields[n]!]!.push(text))
  known.documents.push(...texts.documents.texts)
  const identifiers = new Map(columns.identifierTexts)
  return Array.from({ length: columns.count }, (_, row) => ({
    file: columns.file[row],
    ordinal: columns.ordinal[row],
    offset: columns.offset[row],
    length: columns.length[row],
    timeMs: columns.timeMs[row],
    flags: columns.flags[row],
    hash: Buffer.from(columns.recordHash.slice(row * 16, row * 16 + 16)).toString('hex'),
    terms: termFields.map((field, n) => [field, known.terms[n]![columns.ids[row * WIDTH + n]!]]),
    documents: documentFields.map((field, n) => [field, known.documents[columns.ids[row * WIDTH + TERMS + n]!]]),
    identifiers: identifierFields.map((_, n) => {
      const slot = row * identifierFields.length + n
      const kind = columns.identifierKind[slot]
      if (kind === 1) return Buffer.from(columns.identifiers.slice(slot * 16, slot * 16 + 16)).toString('hex')
      return kind === 2 ? identifiers.get(slot) : undefined
    }),
  }))
}

type Known = { terms: string[][]; documents: string[] }
const nothing = (): Known => ({ terms: termFields.map(() => ['']), documents: [''] })

/** Reads texts one after the other by both readers, each with one memory of what it saw before. */
function both(limits: Limits = defaultLimits) {
  const compact = { encoder: new BatchEncoder(limits), known: nothing() }
  const general = { encoder: new BatchEncoder(limits), known: nothing() }
  return (text: string | Buffer) => {
    const bytes = Buffer.from(text)
    const taken = compact.encoder.addLog(0, bytes)
    const found = rowsOf(compact.known, compact.encoder.take())
    const { file } = parseWithContent(PATH, bytes, limits)
    general.encoder.add(0, { records: file.records, inflated: bytes, base: 0 })
    return { taken, found, file, expected: rowsOf(general.known, general.encoder.take()) }
  }
}

/** The compact reader takes the file and finds what the general one finds, or leaves it alone. */
function agrees({ taken, found, file, expected }: ReturnType<ReturnType<typeof both>>): void {
  if (taken === undefined) {
    expect(found).toEqual([])
    return
  }
  expect(found).toEqual(expected)
  expect({ kind: taken.kind, records: taken.records }).toEqual({ kind: file.kind, records: file.recordCount })
  expect(file).toMatchObject({ outcome: 'stored', rejectedCount: 0, notes: [] })
}

const log = (...records: readonly (object | string)[]): string =>
  `{"Records":[${records.map((r) => (typeof r === 'string' ? r : JSON.stringify(r))).join(',')}]}`

const record = {
  eventVersion: '1.08',
  userIdentity: {
    type: 'AssumedRole',
    principalId: 'AROAEXAMPLE:session',
    arn: 'arn:aws:sts::111122223333:assumed-role/Admin/session',
    accountId: '111122223333',
    sessionContext: { sessionIssuer: { arn: 'arn:aws:iam::111122223333:role/Admin', accountId: '111122223333' } },
  },
  eventTime: '2024-02-29T23:59:59Z',
  eventSource: 's3.amazonaws.com',
  eventName: 'GetObject',
  awsRegion: 'eu-west-1',
  sourceIPAddress: '198.51.100.7',
  userAgent: '[aws-cli/2.15 "quoted" \\ Zürich]',
  requestParameters: { bucketName: 'b', key: 'a/b.txt' },
  responseElements: null,
  requestID: '0ec267ae-7dbd-4699-910f-bbb276d220ab',
  eventID: 'dee6bc01-ad64-4c83-bf97-adcae155493d',
  readOnly: true,
  resources: [{ accountId: '111122223333', ARN: 'arn:aws:s3:::b/a/b.txt' }],
  eventType: 'AwsApiCall',
  managementEvent: false,
  recipientAccountId: '111122223333',
  eventCategory: 'Data',
}

describe('log files written as trails write them', () => {
  it('gives the rows of the general reader, for every log file of the sample', () => {
    const read = both()
    let taken = 0
    for (const { bytes } of makeSample()) {
      let text: Buffer
      try {
        text = gunzipSync(bytes)
      } catch {
        continue
      }
      const result = read(text)
      agrees(result)
      if (result.taken) taken += result.taken.records
    }
    expect(taken).toBeGreaterThan(1000)
  })

  it('reads every kind of value, seen for the first time or again', () => {
    const read = both()
    const { recipientAccountId: _, resources: __, ...without } = record
    const variants: (object | string)[] = [
      record,
      { ...record, eventName: 'PutObject', errorCode: 'AccessDenied', errorMessage: 'no' },
      { ...record, errorCode: 'NoSuchKey' },
      { ...record, errorMessage: 'Failed authentication' },
      { ...record, eventName: 'ConsoleLogin', responseElements: { ConsoleLogin: 'Failure' } },
      { ...record, eventName: 'ConsoleLogin', responseElements: { ConsoleLogin: 'Success' } },
      without,
      { ...without, userIdentity: { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' } },
      { ...without, userIdentity: null },
      { ...record, requestParameters: '{"name":"inside a string"}', responseElements: 'text', apiVersion: 3 },
      { ...record, eventVersion: 1.1, sharedEventID: 'not a uuid', requestID: null, vpcEndpointId: '' },
      { ...record, serviceEventDetails: { state: [1, 2.5, null, {}] }, edgeDeviceDetails: 'x', addendum: null },
      { ...record, insightDetails: { state: 'Start' } },
      { ...record, eventTime: '2024-02-30T00:00:00Z' },
      { ...record, eventTime: '2024-02-01T00:00:00.123Z' },
      { ...record, eventID: undefined },
      { ...record, userIdentity: 'root', awsRegion: { odd: true } },
      { ...record, eventType: 'AwsCloudTrailInsight', eventCategory: 'Insight' },
      JSON.stringify(record).replace('"GetObject"', '"Get\\u004fbject"'),
      JSON.stringify(record).replace('"a/b.txt"', '"a\\/b.txt"'),
      JSON.stringify(record).replace('"key":', '"key": '),
      JSON.stringify(record).replace('"key":', '"bucketName":'),
      JSON.stringify(record).replace('"awsRegion":', '"eventName":'),
      JSON.stringify(record).replace('"bucketName":"b"', '"n":9007199254740993,"m":1E2'),
    ]
    for (const variant of [...variants, ...variants]) {
      const alone = read(log(variant))
      expect(alone.taken).toBeDefined()
      agrees(alone)
    }
    const together = read(log(...variants))
    expect(together.taken).toEqual({ kind: 'cloudtrail-log', records: variants.length })
    agrees(together)
  })

  it('leaves alone what is damaged, no record, or written otherwise', () => {
    const read = both()
    const good = JSON.stringify(record)
    const texts = [
      log(),
      log(good, 'null'),
      log(good, good.slice(0, -1)),
      log(good, `${good}}`),
      log(good).slice(0, -1),
      log(good, good.replace('"b"', '"b')),
      log(good, good.replace('true', 'tru')),
      log(good, good.replace('"b"', '"\n"')),
      log(good, { eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', eventTime: record.eventTime, eventID: 'x' }),
      `{"Records":[${good}],"more":1}`,
      `{"Records": [${good}]}`,
      `${log(good)}\n${log(good)}`,
    ]
    for (const text of texts) expect(read(text)).toMatchObject({ taken: undefined, found: [] })
    expect(read(Buffer.from(log(good).replace('"b"', '"\u00ff"'), 'latin1'))).toMatchObject({ taken: undefined })
  })

  it('hands a record that is nested too deep, or is too long, to the general reader', () => {
    const nested = (levels: number) => ({
      ...record,
      requestParameters: JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`) as object,
    })
    const read = both({ ...defaultLimits, jsonDepth: 5, recordBytes: 5000 })
    for (const levels of [3, 4, 5]) agrees(read(log(nested(levels))))
    expect(read(log(record, { ...record, userAgent: 'x'.repeat(5000) })).taken).toBeUndefined()
  })

  it('agrees with the general reader on any change of a file', () => {
    const base = log(record, { ...record, eventName: 'ListBuckets', serviceEventDetails: { a: [true, '\\"'] } })
    const alphabet = [
      '"',
      '\\',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      ' ',
      '\n',
      '0',
      'u',
      '/',
      'é',
      '"eventID":',
      'null',
      '-1e3',
    ]
    const change = fc.record({
      at: fc.nat(base.length - 1),
      cut: fc.nat(12),
      put: fc.array(fc.constantFrom(...alphabet), { maxLength: 4 }).map((parts) => parts.join('')),
    })
    const read = both()
    agrees(read(base))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        let text = base
        for (const { at, cut, put } of changes) text = text.slice(0, at) + put + text.slice(at + cut)
        agrees(read(text))
      }),
      { numRuns: 1500 },
    )
  })
})
