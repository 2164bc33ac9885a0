import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { failed, ok, type Result } from '#shared/base/result.ts'

/** One recipient of an age file: its kind, its arguments, and the file key wrapped for it. */
export type Stanza = { readonly type: string; readonly args: readonly string[]; readonly body: Uint8Array }

const VERSION = 'age-encryption.org/v1'
const COLUMNS = 64
/** Far above any header of ours (200 bytes per recipient), far below what could hurt. */
export const headerLimit = 262_144

/** base64 without padding, as age writes it. */
export const plainBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '')

/** Strict: canonical, no padding. */
export function fromPlainBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]*$/.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64')
  return plainBase64(bytes) === text ? new Uint8Array(bytes) : undefined
}

/** The header of an age file, C2SP age.md: version, stanzas, and a MAC under a key made from the file key. */
export function headerText(stanzas: readonly Stanza[], fileKey: Uint8Array): string {
  const text = `${VERSION}\n${stanzas.map(stanzaText).join('')}---`
  return `${text} ${plainBase64(headerMac(text, fileKey))}\n`
}

function stanzaText(stanza: Stanza): string {
  const body = plainBase64(stanza.body)
  const lines: string[] = []
  // The last line is shorter than 64 columns, and empty when the body fills its lines.
  for (let at = 0; at <= body.length; at += COLUMNS) lines.push(body.slice(at, at + COLUMNS))
  return `-> ${[stanza.type, ...stanza.args].join(' ')}\n${lines.join('\n')}\n`
}

const headerMac = (text: string, fileKey: Uint8Array): Buffer =>
  createHmac('sha256', Buffer.from(hkdfSync('sha256', fileKey, new Uint8Array(0), 'header', 32)))
    .update(text, 'utf8')
    .digest()

export type AgeHeader = {
  readonly stanzas: readonly Stanza[]
  /** Whether the header is the one that was written with this file key. */
  readonly isOf: (fileKey: Uint8Array) => boolean
}

const notAge = (why: string) => failed('NOT_AGE', `This is not an age file, or its start is damaged: ${why}.`)

/** Reads the header's text, up to and with the line of the MAC. */
export function parseHeader(text: string): Result<AgeHeader, 'NOT_AGE'> {
  const lines = text.split('\n')
  if (lines[0] !== VERSION) return notAge('it does not start with the version line')
  const stanzas: Stanza[] = []
  let at = 1
  while (lines[at]?.startsWith('-> ') === true) {
    const parsed = parseStanza(lines, at)
    if (parsed === undefined) return notAge('a recipient is malformed')
    stanzas.push(parsed.stanza)
    at = parsed.next
  }
  const mac = /^--- ([A-Za-z0-9+/]{43})$/.exec(lines[at] ?? '')?.[1]
  const expected = mac === undefined ? undefined : fromPlainBase64(mac)
  if (expected === undefined || stanzas.length === 0) return notAge('its check value is missing')
  const covered = `${lines.slice(0, at).join('\n')}\n---`
  return ok({ stanzas, isOf: (fileKey) => timingSafeEqual(headerMac(covered, fileKey), expected) })
}

function parseStanza(
  lines: readonly string[],
  start: number,
): { readonly stanza: Stanza; readonly next: number } | undefined {
  const words = lines[start]!.slice(3).split(' ')
  if (words.some((word) => !/^[\x21-\x7e]+$/.test(word))) return undefined
  let body = ''
  let at = start + 1
  for (; ; at++) {
    const line = lines[at]
    if (line === undefined || line.length > COLUMNS) return undefined
    body += line
    if (line.length < COLUMNS) break
  }
  const bytes = fromPlainBase64(body)
  return bytes === undefined
    ? undefined
    : { stanza: { type: words[0]!, args: words.slice(1), body: bytes }, next: at + 1 }
}
