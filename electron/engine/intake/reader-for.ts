import { binaryFormat } from './binary-format.ts'
import { csvReaderFor } from './csv-reader.ts'
import type { Findings, TextReader } from './findings.ts'
import { JsonReader } from './json-reader.ts'
import type { Limits } from './limits.ts'
import { isStamped, LinesReader } from './lines-reader.ts'

/** How much of a text is looked at to tell what it is. */
export const HEAD_BYTES = 64 * 1024

/**
 * Chooses the reader by the first bytes of a text (`head` may be the whole of it). For content that no reader takes, the
 * findings say what it is and what to do, and there is none.
 */
export function readerFor(whole: Buffer, findings: Findings, limits: Limits): TextReader | undefined {
  const first = firstByte(whole)
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return new JsonReader(findings, limits)
  const format = binaryFormat(whole)
  if (format !== undefined) {
    findings.is(format.kind)
    findings.refuse(format.outcome, format.reason)
    return undefined
  }
  const head = whole.subarray(0, HEAD_BYTES)
  if (isPublicKey(head)) {
    proof(findings, 'public-keys')
    return undefined
  }
  if (isBinary(head)) return undefined
  if (isHeaderDump(head)) {
    proof(findings, 'signatures')
    return undefined
  }
  if (isStamped(head)) return new LinesReader(findings, limits)
  const csv = csvReaderFor(head, findings, limits)
  if (csv !== undefined) return csv
  const reason = otherOutput(head)
  if (reason !== undefined) findings.refuse('quarantined', reason)
  return undefined
}

const OPEN_BRACE = 0x7b
const OPEN_BRACKET = 0x5b

/** The first byte that is not a blank, a record separator (RFC 7464) or a UTF-8 byte order mark. */
function firstByte(bytes: Buffer): number | undefined {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  for (; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09 && byte !== 0x1e) return byte
  }
  return undefined
}

function proof(findings: Findings, kind: 'public-keys' | 'signatures'): void {
  findings.is(kind)
  findings.isProof = true
}

/** PEM, or the DER of an RSA key: a sequence that spans the file (PKCS#1 or SubjectPublicKeyInfo). */
function isPublicKey(head: Buffer): boolean {
  const pem = head.toString('latin1', 0, 40)
  if (pem.includes('-----BEGIN PUBLIC KEY') || pem.includes('-----BEGIN RSA PUBLIC KEY')) return true
  return head[0] === 0x30 && head[1] === 0x82 && head.length < 2048 && head.length === head.readUInt16BE(2) + 4
}

/** Text of any encoding we read has no NUL. */
const isBinary = (head: Buffer): boolean => head.includes(0)

/** HTTP headers as curl and proxies print them. */
const isHeaderDump = (head: Buffer): boolean => /^[ \t<]*x-amz-meta-signature[ \t]*:/im.test(head.toString('latin1'))

/** The AWS CLI's text, YAML and table output: recognised, and sent back for JSON. */
function otherOutput(head: Buffer): string | undefined {
  const text = head.toString('latin1')
  if (!text.includes('CloudTrailEvent') && !text.startsWith('EVENTS\t')) return undefined
  return 'This looks like lookup-events output as text, YAML or a table. Export it again with --output json.'
}
