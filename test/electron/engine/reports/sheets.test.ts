import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { ProofCard } from '#engine/integrity/proof-card.ts'
import { writeProofCardPdf } from '#engine/reports/proof-card-pdf.ts'
import { writeValidationPdf, type ValidationResult } from '#engine/reports/validation-pdf.ts'
import { collector, fonts } from './print.ts'
import { readPdf } from './read-pdf.ts'
import { at, sha } from './sample-model.ts'

const sheet = {
  caseNumber: 'ACME-2026-014',
  caseTitle: 'Unauthorised access',
  tlp: 'GREEN',
  examiner: 'A. Rossi',
  printedAt: at('2026-11-20T10:00:00Z'),
  tool: { name: 'Trailcase', version: '0.1.0', commit: '114525b' },
} as const

const check = (n: number, passed = true) => ({
  id: `V-${n}`,
  requirement: 'Reports every record of a whole file once',
  expected: '120 records',
  found: passed ? '120 records' : '119 records',
  passed,
})
const validation: ValidationResult = {
  ranAt: at('2026-11-20T09:59:00Z'),
  seconds: 12.3,
  machine: [{ label: 'System', value: 'Linux x64' }],
  checks: Array.from({ length: 12 }, (_, n) => check(n)),
}

async function validationText(result: ValidationResult): Promise<readonly string[]> {
  const { out, bytes } = collector()
  await writeValidationPdf(result, sheet, out, { paper: 'A4', fonts })
  return readPdf(bytes()).pages
}

describe('the validation result', () => {
  it('is one dated page that names every check', async () => {
    const pages = await validationText(validation)
    expect(pages.length).toBe(1)
    expect(pages[0]).toContain('Passed: 12 checks, none failed')
    for (const one of validation.checks) expect(pages[0]).toContain(one.id)
    expect(pages[0]).toContain('2026-11-20 09:59:00Z')
  })

  it('says FAILED when one check failed, and when nothing was checked', async () => {
    expect((await validationText({ ...validation, checks: [check(1), check(2, false)] }))[0]).toContain(
      'FAILED: 1 of 2 checks failed',
    )
    expect((await validationText({ ...validation, checks: [] }))[0]).toContain('FAILED: 0 of 0 checks failed')
  })
})

describe('the proof card on paper', () => {
  const digest = (n: number) => ({
    piece: `digest-${n}.json`,
    bucket: 'acme-logs',
    key: `AWSLogs/111122223333/CloudTrail-Digest/eu-central-1/2023/07/10/digest-${n}.json.gz`,
    sha256: sha(`digest ${n}`),
    verdict: 'AUTHENTIC' as const,
  })
  const logKey =
    'AWSLogs/111122223333/CloudTrail/eu-central-1/2023/07/10/111122223333_CloudTrail_eu-central-1_20230710T1215Z_Uk9yTm4Wq3h0Ld8f.json.gz'
  const card: ProofCard = {
    format: 'trailcase-proof-card',
    version: 1,
    made: '2026-11-20T10:00:00Z',
    verdict: { log: 'LOG_PROVEN', digest: 'AUTHENTIC', words: 'The log file is exactly the one that AWS listed.' },
    record: { eventID: '7f1b', sha256: sha('record'), offset: 1234, length: 987 },
    log: { path: `evidence/${logKey}`, bucket: 'acme-logs', key: logKey, sha256: sha('log'), listedSha256: sha('log') },
    digests: [digest(1), digest(2)],
    signed: {
      text: `2023-07-10T13:00:00Z\nacme-logs/digest\n${sha('d')}\n${'ab'.repeat(256)}`,
      signature: 'cd'.repeat(256),
      algorithm: 'SHA256withRSA',
      signatureFrom: 'previousDigestSignature of the next digest',
    },
    publicKey: {
      fingerprint: '67b9fa73676d86966b449dd677850753',
      sha256: sha('key'),
      form: 'pkcs1',
      pem: `-----BEGIN PUBLIC KEY-----\n${`${'A'.repeat(64)}\n`.repeat(6)}-----END PUBLIC KEY-----\n`,
      source: 'keys.json',
    },
    pieces: {},
    commands: ['openssl dgst -sha256 -verify key.pem -signature signature.bin string-to-sign.txt'],
  }

  it('is one page with every hash and the commands', async () => {
    const { out, bytes } = collector()
    const { pages } = await writeProofCardPdf(card, 'AR-0007', sheet, out, { paper: 'A4', fonts })
    expect(pages).toBe(1)
    const text = readPdf(bytes()).pages.join('').replace(/\s/g, '')
    for (const part of [
      sha('record'),
      sha('log'),
      sha('digest 1'),
      createHash('sha256').update(Buffer.alloc(256, 0xcd)).digest('hex'),
      'openssldgst-sha256-verifykey.pem',
      'exhibitAR-0007',
    ])
      expect(text).toContain(part)
  })

  it('counts the links of a long chain that are not printed', async () => {
    const { out, bytes } = collector()
    await writeProofCardPdf({ ...card, digests: Array.from({ length: 24 }, (_, n) => digest(n)) }, null, sheet, out, {
      paper: 'A4',
      fonts,
    })
    expect(readPdf(bytes()).pages.join('\n')).toContain("22 digests more in the card's file")
  })
})
