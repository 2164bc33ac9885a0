import { counted, grouped } from '../base/count.ts'
import { formatUtc, type UtcMs } from '../base/time.ts'
import { visible } from '../base/visible.ts'
import type { DocumentField, IdentifierField, TermField } from './fields.ts'
import type { EventVerdict } from './integrity.ts'

/**
 * One event as every export format takes it: the columns, the exact record, where it lies in the evidence, and what
 * people said about it.
 */
export type ExportEvent = {
  /** Position in the exported selection, from 1. */
  readonly row: number
  /** The event's number in the case. */
  readonly id: number
  readonly timeMs: UtcMs
  readonly terms: Readonly<Partial<Record<TermField, string>>>
  /** JSON text per field. */
  readonly documents: Readonly<Partial<Record<DocumentField, string>>>
  readonly identifiers: Readonly<Partial<Record<IdentifierField, string>>>
  /** The record's exact bytes as they lie in the source file, or their text where they are known to be valid UTF-8. */
  readonly rawRecord: Uint8Array | string
  readonly source: {
    /** Path in the evidence, as data: never used as a path. */
    readonly path: string
    /** SHA-256 of the source file's stored bytes, hex. */
    readonly sha256: string
    /** Position of the record in the file, from 0. */
    readonly ordinal: number
  }
  /** SHA-256 of the record's exact bytes, hex. */
  readonly recordSha256: string
  readonly integrity: EventVerdict
  readonly tags: readonly string[]
  readonly bookmark?: {
    readonly exhibit: string
    readonly title: string
    readonly note: string
    /** Who made it; several after a merge. */
    readonly authors: readonly string[]
  }
  /** In how many places of the evidence this event was found. */
  readonly occurrences: number
}

/** Traffic Light Protocol 2.0 (FIRST). */
export const tlpLevels = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'] as const
export type TlpLevel = (typeof tlpLevels)[number]

/** What a selection is and what it leaves out (FS-19): goes with every export. */
export type SelectionStatement = {
  readonly shown: number
  readonly total: number
  /** The query as typed; empty for all events. */
  readonly queryText: string
  /** The query as it was understood, in words. */
  readonly echo: string
  /** First instant inside the range, and first instant after it. */
  readonly from: UtcMs | undefined
  readonly to: UtcMs | undefined
  /** For example `eventTime` or `-eventTime`. */
  readonly sort: string
  /** IANA name of the display zone, `UTC` unless the case says otherwise. */
  readonly zone: string
  readonly case: { readonly title: string; readonly number: string }
  readonly tlp?: TlpLevel
  /** For example `Trailcase 0.1.0`. */
  readonly toolVersion: string
  readonly madeAt: UtcMs
  readonly examiner: string
  /** Whom the examiner works for, where that is known. */
  readonly organisation?: string
}

export const indicatorKinds = ['address', 'accessKey', 'principal', 'userAgent'] as const
export type IndicatorKind = (typeof indicatorKinds)[number]

/** Each kind of indicator: how it is called, and the column whose values it takes. */
export const indicatorMeanings: Readonly<Record<IndicatorKind, { readonly name: string; readonly field: TermField }>> =
  {
    address: { name: 'Address', field: 'sourceIPAddress' },
    accessKey: { name: 'Access key', field: 'userIdentity.accessKeyId' },
    principal: { name: 'Principal', field: 'principal' },
    userAgent: { name: 'User agent', field: 'userAgent' },
  }

/** A value that a person named as an indicator. */
export type NamedIndicator = { readonly kind: IndicatorKind; readonly value: string }

/**
 * Something that an examiner confirmed as belonging to the attacker, and where the exported selection has it. Only these become indicators
 * in STIX and MISP: no value becomes one by itself.
 */
export type ConfirmedIndicator = NamedIndicator & {
  /** Events of the selection that have it: at least one. */
  readonly events: number
  /** Exhibit numbers among them, in time order. */
  readonly exhibits: readonly string[]
  readonly firstSeen: UtcMs
  readonly lastSeen: UtcMs
  readonly confirmedBy: string
  readonly confirmedAt: UtcMs
}

/** `Address 203.0.113.7`. */
export const indicatorName = ({ kind, value }: NamedIndicator): string =>
  `${indicatorMeanings[kind].name} ${visible(value)}`

/** Where an indicator was seen and who confirmed it, as both formats carry it. */
export function indicatorWords(indicator: ConfirmedIndicator): string {
  const { events, exhibits, firstSeen, lastSeen, confirmedBy, confirmedAt } = indicator
  const marked =
    exhibits.length === 0 ? '' : ` ${exhibits.length === 1 ? 'Exhibit' : 'Exhibits'} ${exhibits.join(', ')}.`
  const when =
    firstSeen === lastSeen ? `at ${formatUtc(firstSeen)}` : `from ${formatUtc(firstSeen)} to ${formatUtc(lastSeen)}`
  return `Seen in ${counted(events, 'event')} of the selection, ${when}.${marked} Confirmed by ${confirmedBy} on ${formatUtc(confirmedAt)}.`
}

/** The statement as labelled lines, for a sheet, a page or a terminal. */
export function selectionLines(statement: SelectionStatement): (readonly [label: string, value: string])[] {
  const range =
    statement.from === undefined && statement.to === undefined
      ? 'all times'
      : `${statement.from === undefined ? 'the beginning' : formatUtc(statement.from)} up to ${statement.to === undefined ? 'the end' : `before ${formatUtc(statement.to)}`}`
  return [
    ['Case', [statement.case.number, statement.case.title].filter((part) => part !== '').join(' – ')],
    ['Events', `${grouped(statement.shown)} of ${grouped(statement.total)} shown`],
    ['Query', statement.queryText === '' ? '(none: all events)' : statement.queryText],
    ['Understood as', statement.echo],
    ['Time range', range],
    ['Order', statement.sort],
    [
      'Times',
      `UTC; local times are ${statement.zone}. eventTime is when the request ended, as the AWS service wrote it, in whole seconds.`,
    ],
    ['Marking', statement.tlp === undefined ? 'none' : `TLP:${statement.tlp}`],
    ['Made', `${formatUtc(statement.madeAt)} by ${statement.examiner}`],
    ['Tool', statement.toolVersion],
    ['Note', 'An event that is not listed may still have happened: this is a selection of what was collected.'],
  ]
}

/**
 * Where a spreadsheet would read a formula: at the start of a cell (OWASP ASVS 5, 1.2.10: `= + - @`, TAB, NUL, CR, LF
 * and the full-width forms), and after a character at which a program set to another separator would split the cell.
 * Text that already looks guarded counts too, so that the guard can be taken off again without doubt.
 */
const FORMULA = /^(?='*[=+\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20])|(?<=[;\t\r\n])(?='*[=+\-@\uff1d\uff0b\uff0d\uff20])/g
const GUARD = /^'(?='*[=+\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20])|(?<=[;\t\r\n])'(?='*[=+\-@\uff1d\uff0b\uff0d\uff20])/g

/** The text with an apostrophe wherever a spreadsheet would start a formula (H-04). Other text is returned as it is. */
export const formulaSafe = (text: string): string => text.replace(FORMULA, "'")

/** Undoes `formulaSafe`: for every text, `fromFormulaSafe(formulaSafe(text)) === text`. */
export const fromFormulaSafe = (text: string): string => text.replace(GUARD, '')

/** A cell for the clipboard: one line, nothing hidden, no formula (H-28). "Copy raw" is a separate, explicit choice. */
export const clipboardCell = (text: string): string => formulaSafe(visible(text))

/** The shapes in which events leave a case; as named on the command line (`events --format`). */
export const exportFormatIds = [
  'csv',
  'xlsx',
  'jsonl',
  'timesketch',
  'timesketch-csv',
  'iris',
  'ocsf',
  'stix',
  'misp',
  'parquet',
] as const
export type ExportFormatId = (typeof exportFormatIds)[number]
