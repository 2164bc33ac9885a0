import { createPublicKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { comparableKey, parseDigestKey, parseLogKey, pathHasKey } from '#engine/integrity/key-path.ts'
import { parseDigest } from '#engine/integrity/parse-digest.ts'
import { fingerprintUnusual, parseKeys } from '#engine/integrity/parse-keys.ts'
import { parseSignatures } from '#engine/integrity/parse-signatures.ts'
import { parseUtc } from '#shared/base/time.ts'
import { signedTree, signingKeys } from '#test/fixtures/digest-chain.ts'
import { publishedKeys } from '#test/fixtures/known-answers.ts'

describe('names of log files', () => {
  const name = '123456789012_CloudTrail_us-east-1_20240501T0031Z_UNIQ000000000001.json.gz'
  const folder = 'AWSLogs/123456789012/CloudTrail/us-east-1/2024/05/01'

  it('tell account, region and delivery, below any folder, prefix or organization, and with Windows slashes', () => {
    const expected = {
      kind: 'CloudTrail',
      account: '123456789012',
      org: '',
      region: 'us-east-1',
      delivered: parseUtc('2024-05-01T00:31Z'),
    }
    expect(parseLogKey(`D:\\case\\bucket\\my\\prefix\\${folder.replaceAll('/', '\\')}\\${name}`)).toEqual(expected)
    expect(parseLogKey(name)).toEqual(expected)
    expect(
      parseLogKey(`o-abcdefghij/AWSLogs/o-abcdefghij/123456789012/CloudTrail/us-east-1/2024/05/01/${name}`),
    ).toEqual({ ...expected, org: 'o-abcdefghij' })
  })

  it('are understood in the old form without the last underscore, decompressed, and of other kinds', () => {
    expect(parseLogKey('123456789012_CloudTrail_us-east-1_20140620T1255ZHdkvFTXOA3Vnhbc.json.gz')).toMatchObject({
      delivered: parseUtc('2014-06-20T12:55Z'),
    })
    expect(parseLogKey(name.slice(0, -3))).toBeDefined()
    expect(parseLogKey(name.replace('CloudTrail', 'CloudTrail-Insight'))).toMatchObject({ kind: 'CloudTrail-Insight' })
  })

  it('are not read from anything else', () => {
    for (const other of [
      '',
      'export.json',
      name.replace('20240501T0031Z', '20241301T0031Z'),
      name.replace('CloudTrail', 'vpcflowlogs'),
      `${'a_'.repeat(5000)}.json`,
    ])
      expect(parseLogKey(other)).toBeUndefined()
  })

  it('compare equal in the bucket and in a copy', () => {
    expect(comparableKey(`/mnt/x/p/${folder}/${name}`)).toBe(comparableKey(`p/${folder}/${name}`.slice(0, -3)))
    expect(pathHasKey(`evidence/p/${folder}/${name}`, `p/${folder}/${name}`)).toBe(true)
    expect(pathHasKey(`evidence/xp/${folder}/${name}`, `p/${folder}/${name}`)).toBe(false)
  })
})

describe('names of digests', () => {
  const name = (trail: string, tail = ''): string =>
    `123456789012_CloudTrail-Digest_eu-west-1_${trail}_us-east-1_20240501T011131Z${tail}.json.gz`

  it.each(['ir-trail', 'my_trail_1', 'a.b-c_d.e', 'us-east-1'])('give the trail %s back', (trail) => {
    expect(parseDigestKey(`x/AWSLogs/123456789012/CloudTrail-Digest/eu-west-1/2024/05/01/${name(trail)}`)).toEqual({
      account: '123456789012',
      org: '',
      region: 'eu-west-1',
      trail,
      homeRegion: 'us-east-1',
      end: parseUtc('2024-05-01T01:11:31Z'),
      backfill: false,
    })
  })

  it('tell backfill digests apart', () => {
    expect(parseDigestKey(name('my_trail', '_backfill'))).toMatchObject({ trail: 'my_trail', backfill: true })
  })

  it('are not read from log files or fragments', () => {
    for (const other of [
      '123456789012_CloudTrail_us-east-1_20240501T0031Z_UNIQ000000000001.json.gz',
      'x_CloudTrail-Digest_y_z.json.gz',
      '',
      name(''),
    ])
      expect(parseDigestKey(other)).toBeUndefined()
  })
})

describe('digests', () => {
  const tree = signedTree({ hours: [1, 1] })
  const json = JSON.parse(tree.digests[1]!.raw.toString()) as Record<string, unknown>
  const parse = (value: unknown) => parseDigest(Buffer.from(JSON.stringify(value)))

  it('are read with the texts that are signed kept as written', () => {
    const parsed = parse(json)
    expect(parsed.ok && parsed.value).toMatchObject({
      endText: json['digestEndTime'],
      previousSignature: tree.digests[0]!.signature,
      previous: { key: tree.digests[0]!.key },
    })
  })

  it.each([
    'digestPublicKeyFingerprint',
    'digestS3Bucket',
    'digestS3Object',
    'previousDigestSignature',
    'digestEndTime',
    'digestStartTime',
    'logFiles',
  ])('are unreadable without %s', (name) => {
    const { [name]: _gone, ...rest } = json
    const parsed = parse(rest)
    expect(parsed).toMatchObject({ ok: false, code: 'DIGEST_INCOMPLETE' })
    expect(parsed.ok ? '' : parsed.message).toContain(name)
  })

  it('are unreadable when they are not JSON, not an object, or not UTF-8', () => {
    for (const bytes of [
      Buffer.from('{'),
      Buffer.from('[1]'),
      Buffer.from('null'),
      Buffer.from([0x7b, 0xff, 0x7d]),
      Buffer.alloc(0),
    ])
      expect(parseDigest(bytes)).toMatchObject({ ok: false, code: 'DIGEST_NOT_JSON' })
  })

  it('with members that JavaScript treats specially are plain data', () => {
    const text = JSON.stringify(json).replace('{', '{"__proto__":{"digestS3Bucket":"x"},')
    const parsed = parseDigest(Buffer.from(text))
    expect(parsed.ok && parsed.value.bucket).toBe('example-trail-bucket')
  })
})

describe('public keys', () => {
  const value = publishedKeys[0].value
  const bundle = (start: unknown, name = 'PublicKeyList'): string =>
    JSON.stringify({
      [name]: [
        { Value: value, ValidityStartTime: start, ValidityEndTime: start, Fingerprint: publishedKeys[0].fingerprint },
      ],
    })
  const keysOf = (text: string | Buffer, name = 'keys.json') => parseKeys(Buffer.from(text), name)

  it.each([1453076702, 1453076702.0, '1453076702.0', '2016-01-18T00:25:02Z', '2016-01-18T01:25:02+01:00'])(
    'are read with the time %s',
    (time) => {
      expect(keysOf(bundle(time)).keys[0]?.validFrom).toBe(parseUtc('2016-01-18T00:25:02Z'))
    },
  )

  it('are read from both spellings, arrays, several lists in a row, and with a byte order mark', () => {
    expect(keysOf(bundle(1, 'publicKeyList')).keys).toHaveLength(1)
    expect(keysOf(`[${bundle(1)},${bundle(1)}]`).keys).toHaveLength(2)
    expect(keysOf(`${bundle(1)}\n${bundle(2)}${bundle(3)}`).keys).toHaveLength(3)
    expect(keysOf(`\ufeff${bundle(1)}`).keys).toHaveLength(1)
  })

  it('are read from DER, PEM and bare base64, in both forms', () => {
    for (const { value: v, form, fingerprint } of publishedKeys) {
      const label = form === 'pkcs1' ? 'RSA PUBLIC KEY' : 'PUBLIC KEY'
      const pem = `-----BEGIN ${label}-----\n${v.replaceAll(/(.{64})/g, '$1\n')}\n-----END ${label}-----\n`
      for (const bytes of [Buffer.from(v, 'base64'), Buffer.from(pem), Buffer.from(v)])
        expect(parseKeys(bytes, 'k').keys).toMatchObject([{ form, fingerprint }])
    }
  })

  it('take their region from the name of the file', () => {
    expect(keysOf(bundle(1), 'keys/list-public-keys.us-gov-west-1.json').keys[0]?.region).toBe('us-gov-west-1')
    expect(keysOf(bundle(1), 'public-keys\\ap-southeast-2.json').keys[0]?.region).toBe('ap-southeast-2')
    expect(keysOf(bundle(1), 'public-keys.json').keys[0]?.region).toBeNull()
  })

  it('that cannot be loaded are kept and named', () => {
    const { keys, problems } = keysOf(JSON.stringify({ PublicKeyList: [{ Value: 'YQo=', Fingerprint: 'abc' }] }))
    expect(keys).toMatchObject([{ form: 'unloadable', fingerprint: 'abc' }])
    expect(problems[0]).toContain('Unable to load PKCS #1 key with fingerprint abc')
  })

  it('with another fingerprint than the MD5 of their bytes are marked', () => {
    const odd = JSON.stringify({ PublicKeyList: [{ Value: value, Fingerprint: 'ff' }] })
    expect(keysOf(odd).keys.map(fingerprintUnusual)).toEqual([true])
    expect(keysOf(bundle(1)).keys.map(fingerprintUnusual)).toEqual([false])
  })

  it('are not found in other files, which say why', () => {
    for (const text of [
      '',
      'hello',
      '{}',
      '[]',
      '{"Records":[]}',
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
      '{"PublicKeyList":',
    ])
      expect(keysOf(text)).toMatchObject({ keys: [], problems: [expect.any(String)] })
  })

  it('with exponent 1, under which every text is its own signature, are refused', () => {
    const good = signingKeys[0]!.der
    // The DER ends in 02 03 01 00 01, the exponent 65537; with 02 01 01 it is two bytes shorter, as its head must say.
    const der = Buffer.concat([good.subarray(0, -5), Buffer.from([0x02, 0x01, 0x01])])
    der.writeUInt16BE(good.readUInt16BE(2) - 2, 2)
    expect(createPublicKey({ key: der, format: 'der', type: 'pkcs1' }).asymmetricKeyDetails?.publicExponent).toBe(1n)
    expect(parseKeys(der, 'k.der').keys).toEqual([])
    expect(parseKeys(good, 'k.der').keys).toHaveLength(1)
  })
})

describe('captured signatures', () => {
  const head = { Bucket: 'b', Key: 'k', Metadata: { signature: 'ab', 'signature-algorithm': 'SHA256withRSA' } }
  const read = (text: string, path = 'heads.jsonl') => parseSignatures(Buffer.from(text), path)

  it('are read from one object, lines, and arrays', () => {
    const one = JSON.stringify(head)
    for (const [text, n] of [
      [one, 1],
      [`${one}\n${one}\n`, 2],
      [`[${one},${one}]`, 2],
    ] as const)
      expect(read(text).signatures).toHaveLength(n)
    expect(read(one).signatures[0]).toMatchObject({
      of: { kind: 'object', bucket: 'b', key: 'k' },
      signature: 'ab',
      algorithm: 'SHA256withRSA',
    })
  })

  it('are read from a file beside the digest, as JSON or as headers in any case', () => {
    const { Key: _k, Bucket: _b, ...bare } = head
    expect(read(JSON.stringify(bare), 'a/d.json.gz.head.json').signatures).toMatchObject([
      { of: { kind: 'beside', path: 'a/d.json.gz' } },
    ])
    const headers =
      'HTTP/1.1 200 OK\r\nX-Amz-Meta-Signature: AB\r\nx-amz-META-signature-algorithm: SHA256withRSA\r\nx-amz-meta-backfill-generation-timestamp: 2024-05-02T06:11:31Z\r\n'
    expect(read(headers, 'a/d.json.gz.head.txt').signatures).toMatchObject([
      {
        of: { kind: 'beside', path: 'a/d.json.gz' },
        signature: 'AB',
        backfillGenerated: parseUtc('2024-05-02T06:11:31Z'),
      },
    ])
  })

  it('that cannot be assigned to a digest, and files without any, are reported', () => {
    const { Key: _k, ...bare } = head
    expect(read(JSON.stringify(bare))).toMatchObject({
      signatures: [],
      problems: [expect.stringContaining('without the Key')],
    })
    expect(read('x-amz-meta-signature: ab', 'dump.txt')).toMatchObject({
      signatures: [],
      problems: [expect.stringContaining('.head.txt')],
    })
    expect(read('{"Records":[]}')).toMatchObject({
      signatures: [],
      problems: [expect.stringContaining('no digest signature')],
    })
  })
})
