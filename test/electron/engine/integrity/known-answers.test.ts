import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ok } from '#shared/base/result.ts'
import { judge } from '#engine/integrity/judge.ts'
import type { Inventory } from '#engine/integrity/judgement.ts'
import { lakeSentence, parseLakeSignFile, verifyLakeResult } from '#engine/integrity/lake-sign-file.ts'
import { parseDigest, type Digest } from '#engine/integrity/parse-digest.ts'
import { loadKey, parseKeys } from '#engine/integrity/parse-keys.ts'
import { parseSignatures } from '#engine/integrity/parse-signatures.ts'
import { stringToSign } from '#engine/integrity/string-to-sign.ts'
import { verifySignature } from '#engine/integrity/verify-signature.ts'
import { chain, lake, logHashes, publishedKeys } from '#test/fixtures/known-answers.ts'
import { sha256 } from '#test/fixtures/digest-chain.ts'

const digestAt = (i: 0 | 1): Digest => {
  const parsed = parseDigest(Buffer.from(chain.digests[i].text))
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed.value
}
const key = loadKey(Buffer.from(chain.keyValue, 'base64'))!.key

describe('known answers', () => {
  it('hashes log files as the AWS CLI does', () => {
    for (const { content, sha256: hash } of logHashes) expect(sha256(content)).toBe(hash)
  })

  it('signs the word null when there is no predecessor', () => {
    expect(stringToSign({ endText: 'a', bucket: 'b', key: 'c', previousSignature: null }, sha256('abc'))).toBe(
      'a\nb/c\nba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\nnull',
    )
  })

  it('accepts both signatures of the reference chain, and rejects them with one bit changed or swapped', () => {
    for (const i of [0, 1] as const) {
      const { text, sha256: hash, signature } = chain.digests[i]
      expect(sha256(text)).toBe(hash)
      const signed = stringToSign(digestAt(i), hash)
      expect(verifySignature(key, signed, signature, 'SHA256withRSA')).toBe('valid')
      expect(verifySignature(key, signed, signature.toUpperCase(), 'SHA256withRSA')).toBe('valid')
      expect(verifySignature(key, `${signed}\n`, signature, 'SHA256withRSA')).toBe('invalid')
      expect(verifySignature(key, signed, chain.digests[i === 0 ? 1 : 0].signature, 'SHA256withRSA')).toBe('invalid')
      const flipped = (Number.parseInt(signature[0]!, 16) ^ 1).toString(16) + signature.slice(1)
      expect(verifySignature(key, signed, flipped, 'SHA256withRSA')).toBe('invalid')
    }
  })

  it('names any other algorithm unsupported, and text that is not hexadecimal invalid', () => {
    expect(verifySignature(key, 'x', chain.digests[0].signature, 'SHA1withRSA')).toBe('unsupported')
    expect(verifySignature(key, 'x', 'not hex', 'SHA256withRSA')).toBe('invalid')
    expect(verifySignature(key, 'x', '', 'SHA256withRSA')).toBe('invalid')
  })

  it('judges the reference chain: both direct, or the older one alone when nothing was captured', () => {
    const inventory: Inventory = {
      digests: ([0, 1] as const).map((i) => ({
        path: digestAt(i).key,
        sha256: chain.digests[i].sha256,
        content: ok(digestAt(i)),
      })),
      logs: [],
      keys: parseKeys(
        Buffer.from(JSON.stringify({ PublicKeyList: [{ Value: chain.keyValue, Fingerprint: chain.fingerprint }] })),
        'k.json',
      ).keys,
      signatures: ([0, 1] as const).flatMap((i) => {
        const head = {
          Bucket: digestAt(i).bucket,
          Key: digestAt(i).key,
          Metadata: { signature: chain.digests[i].signature },
        }
        return parseSignatures(Buffer.from(JSON.stringify(head)), 'head.json').signatures
      }),
      controlEvents: [],
    }
    expect(judge(inventory).digests.map((d) => d.verdict)).toEqual(['AUTHENTIC', 'AUTHENTIC'])
    expect(judge(inventory).digests[0]?.flags).toEqual(['CHAIN_START'])
    const copied = judge({ ...inventory, signatures: [] })
    expect(copied.digests.map((d) => d.verdict)).toEqual(['AUTHENTIC', 'UNVERIFIED_NO_SIGNATURE'])
    expect(copied.digests[0]?.proof).toMatchObject({
      kind: 'signature',
      trial: { from: { kind: 'successor', digest: 1 } },
    })
  })

  it('loads the keys that AWS has published, in both forms, with the MD5 of their bytes as fingerprint', () => {
    for (const { fingerprint, form, value } of publishedKeys) {
      expect(createHash('md5').update(Buffer.from(value, 'base64')).digest('hex')).toBe(fingerprint)
      const [loaded] = parseKeys(Buffer.from(value, 'base64'), 'key.der').keys
      expect(loaded).toMatchObject({ fingerprint, md5: fingerprint, form, bits: 2048 })
    }
  })
})

describe('a saved query of CloudTrail Lake', () => {
  const keys = parseKeys(
    Buffer.from(
      JSON.stringify({ PublicKeyList: [{ Value: lake.keyValue, Fingerprint: lake.signFile.publicKeyFingerprint }] }),
    ),
    'keys.json',
  ).keys
  const read = (change: Record<string, unknown> = {}) => {
    const parsed = parseLakeSignFile(Buffer.from(JSON.stringify({ ...lake.signFile, ...change })))
    if (!parsed.ok) throw new Error(parsed.message)
    return parsed.value
  }
  const hash = lake.signFile.files[0].fileHashValue
  const present = (): string => hash

  it('is proven by its sign file', () => {
    expect(verifyLakeResult(read(), present, keys)).toMatchObject({ signature: 'AUTHENTIC', proven: true })
  })

  it('is not proven when the result file is altered or missing, though the signature fits', () => {
    const altered = verifyLakeResult(read(), () => sha256('other'), keys)
    expect(altered).toMatchObject({ signature: 'AUTHENTIC', proven: false, files: [{ verdict: 'altered' }] })
    expect(lakeSentence(altered)).toContain('result_1.csv.gz is altered')
    expect(verifyLakeResult(read(), () => undefined, keys)).toMatchObject({
      proven: false,
      files: [{ verdict: 'missing' }],
    })
  })

  it('is not proven when the sign file was changed, its key is absent, or its algorithm is another', () => {
    const forged = read({ files: [{ fileName: 'result_1.csv.gz', fileHashValue: sha256('other') }] })
    expect(verifyLakeResult(forged, () => sha256('other'), keys)).toMatchObject({
      signature: 'SIGNATURE_INVALID',
      proven: false,
    })
    expect(verifyLakeResult(read(), present, [])).toMatchObject({ signature: 'UNVERIFIED_NO_KEY', proven: false })
    expect(verifyLakeResult(read({ signatureAlgorithm: 'MD5withRSA' }), present, keys).signature).toBe(
      'UNSUPPORTED_ALGORITHM',
    )
    expect(verifyLakeResult(read({ hashAlgorithm: 'MD5' }), present, keys).signature).toBe('UNSUPPORTED_ALGORITHM')
  })

  it('is refused with a reason when the sign file is damaged', () => {
    expect(parseLakeSignFile(Buffer.from('123'))).toMatchObject({ ok: false, code: 'SIGN_FILE_UNREADABLE' })
    expect(parseLakeSignFile(Buffer.from('{"files":[{}]}'))).toMatchObject({ ok: false })
  })
})
