import { failed, ok, type Result } from '#shared/base/result.ts'
import type { UtcMs } from '#shared/base/time.ts'
import type { RawRecord, Redaction, ReportModel } from '#shared/domain/report.ts'
import { endOfString } from './pretty-raw.ts'

/** A value that must not be in the report, wherever it stands. */
export type RedactionRule = { readonly value: string; readonly reason: string; readonly by: string; readonly at: UtcMs }

/** Words of our own that mean something to the renderers; evidence never stands here. */
const CLOSED = new Set([
  'kind',
  'status',
  'tlp',
  'zone',
  'shape',
  'assertion',
  'confidence',
  'state',
  'storage',
  'severity',
  'uuid',
])
const HASH = /^[0-9a-f]{64}$/
const SHORTEST = 3

type Known = { readonly token: string; count: number }
type Replace = (text: string) => string

/**
 * Removes values from the model, before anything is drawn: what is not in the model cannot be in the PDF's text, its metadata or its bytes.
 * The same value (letter case aside) becomes the same mark everywhere, `[REDACTED R-03: personal data]`, so that the story still reads.
 * Found too where it is URL-encoded, in another Unicode form, or behind JSON escapes, also in JSON inside JSON; not where it is
 * base64, compressed or cut in two by the evidence itself. A record from which something was removed loses its hash, which would let a
 * reader test guesses. Fails with REDACTION_TOO_SHORT for values under three characters: they would tear words apart.
 */
export function redact(
  model: ReportModel,
  rules: readonly RedactionRule[],
): Result<ReportModel, 'REDACTION_TOO_SHORT'> {
  const short = rules.find((rule) => rule.value.trim().length < SHORTEST)
  if (short) {
    return failed(
      'REDACTION_TOO_SHORT',
      `A value to redact has ${short.value.trim().length} characters. Give at least ${SHORTEST}, or redact the longer text around it.`,
    )
  }
  if (rules.length === 0) return ok(model)
  const first = model.redactions.reduce((most, one) => Math.max(most, one.number), 0) + 1
  const known = new Map<string, Known>()
  const listed: { readonly rule: RedactionRule; readonly number: number; readonly known: Known }[] = []
  for (const rule of rules) {
    if (known.has(folded(rule.value))) continue
    const number = first + listed.length
    const entry = { token: `[REDACTED R-${String(number).padStart(2, '0')}: ${rule.reason}]`, count: 0 }
    for (const spelling of spellings(rule.value)) if (!known.has(folded(spelling))) known.set(folded(spelling), entry)
    listed.push({ rule, number, known: entry })
  }
  const all = replacer([...known.keys()], known)
  const long = replacer(
    [...known.keys()].filter((value) => value.length >= 16),
    known,
  )
  const { redactions, records, ...rest } = model
  const clean = mapStrings(rest, '', (text) => (HASH.test(text) ? long : all)(text)) as Omit<
    ReportModel,
    'redactions' | 'records'
  >
  const cleanRecords = records.map((record) => redactRecord(record, all))
  const added = listed.map(({ rule, number, known: entry }): Redaction => ({
    number,
    token: entry.token,
    reason: rule.reason,
    by: rule.by,
    at: rule.at,
    occurrences: entry.count,
  }))
  return ok({ ...clean, records: cleanRecords, redactions: [...redactions, ...added] })
}

/** Lower case, unit by unit, so that places in the folded text are places in the text. */
function folded(text: string): string {
  if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase()
  let out = ''
  for (const character of text) {
    const lower = character.toLowerCase()
    out += lower.length === character.length ? lower : character
  }
  return out
}

function spellings(value: string): string[] {
  const forms = [value, value.normalize('NFC'), value.normalize('NFD')]
  return [...forms, ...forms.map(encoded)]
}

/** A lone surrogate cannot be URL-encoded, so it is nowhere in that form. */
const encoded = (text: string): string => encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, ''))

/** One pass over a text, the longest value first. Values are found by their first three units, so that many cost no more than few. */
function replacer(values: readonly string[], known: ReadonlyMap<string, Known>): Replace {
  const byStart = new Map<string, string[]>()
  for (const value of values.filter((one) => one.length >= SHORTEST).sort((a, b) => b.length - a.length)) {
    const start = value.slice(0, SHORTEST)
    byStart.set(start, [...(byStart.get(start) ?? []), value])
  }
  return (text) => {
    const low = folded(text)
    let out = ''
    let kept = 0
    for (let at = 0; at + SHORTEST <= low.length;) {
      const value = byStart.get(low.slice(at, at + SHORTEST))?.find((one) => low.startsWith(one, at))
      const entry = value === undefined ? undefined : known.get(value)
      if (value === undefined || entry === undefined) {
        at++
        continue
      }
      entry.count++
      out += text.slice(kept, at) + entry.token
      at += value.length
      kept = at
    }
    return kept === 0 ? text : out + text.slice(kept)
  }
}

function mapStrings(value: unknown, key: string, replace: Replace): unknown {
  if (typeof value === 'string') return CLOSED.has(key) ? value : replace(value)
  if (Array.isArray(value)) return value.map((one) => mapStrings(one, key, replace))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mapStrings(inner, name, replace)]))
}

function redactRecord(record: RawRecord, replace: Replace): RawRecord {
  const text = replace(redactJson(record.text, replace, 4))
  const eventId = replace(record.eventId)
  return text === record.text ? { ...record, eventId } : { ...record, eventId, text, sha256: null }
}

/** Looks behind the escapes of each string of a JSON text, and into JSON inside it; tokens without a match stay as they are. */
function redactJson(text: string, replace: Replace, depth: number): string {
  let out = ''
  let at = 0
  for (let open = text.indexOf('"'); open !== -1; open = text.indexOf('"', at)) {
    const end = endOfString(text, open)
    const token = text.slice(open, end)
    out += text.slice(at, open) + redactToken(token, replace, depth)
    at = end
  }
  return out + text.slice(at)
}

function redactToken(token: string, replace: Replace, depth: number): string {
  if (!token.includes('\\')) return token
  let value: unknown
  try {
    value = JSON.parse(token)
  } catch {
    return token
  }
  if (typeof value !== 'string') return token
  const inner = depth > 0 && value.includes('"') ? redactJson(value, replace, depth - 1) : value
  const clean = replace(inner)
  return clean === value ? token : JSON.stringify(clean)
}
