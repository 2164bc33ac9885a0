import type { ExportFormatId } from './export.ts'

/** A shape in which events leave a case, as it is called and what it cannot carry. */
export type ExportFormat = {
  readonly name: string
  /** How the file's name ends; Timesketch looks at it. Parquet is a directory. */
  readonly ending: string
  /** What the format cannot carry, in words for the sidecar and the dialog. */
  readonly limits: readonly string[]
}

const SPREADSHEET =
  'Cells that a spreadsheet would run as a formula carry an apostrophe, hidden characters are shown as \\u{…}; such rows say 1 in the column neutralised.'
/** Said of tables: cells are cut and changed in them. */
const BESIDE = 'The exact records always lie beside the table, as JSON lines.'

export const exportFormats: Readonly<Record<ExportFormatId, ExportFormat>> = {
  csv: { name: 'Analyst table, CSV', ending: '.csv', limits: [SPREADSHEET, BESIDE] },
  xlsx: {
    name: 'Analyst table, Excel',
    ending: '.xlsx',
    limits: [
      'A sheet holds 1,048,576 rows; more events are on further sheets. A cell holds 32,767 characters; longer text is cut and marked.',
      'Hidden characters are shown as \\u{…}; such rows say 1 in the column neutralised.',
      BESIDE,
    ],
  },
  jsonl: {
    name: 'JSON lines with exact records',
    ending: '.jsonl',
    limits: ['A record that is not one line of valid JSON is under recordBase64 instead of record.'],
  },
  timesketch: {
    name: 'Timesketch JSON lines',
    ending: '.jsonl',
    limits: [
      'Timesketch loses exact match and sort on values above 32,766 bytes. Its imported times are microseconds in UTC.',
    ],
  },
  'timesketch-csv': {
    name: 'Timesketch CSV',
    ending: '.csv',
    limits: [SPREADSHEET, BESIDE, 'A comma inside a tag becomes a blank.'],
  },
  iris: {
    name: 'DFIR-IRIS timeline CSV',
    ending: '.csv',
    limits: [
      'Cells that a spreadsheet would run as a formula carry an apostrophe; hidden characters are shown as \\u{…}; line breaks in comments become blanks.',
      BESIDE,
      'Assets and indicators stay empty: IRIS refuses a file that names one it does not know.',
    ],
  },
  ocsf: {
    name: 'OCSF 1.5.0 API Activity',
    ending: '.jsonl',
    limits: [
      'Every event is class 6003 (API Activity), console sign-ins and Insights events too. The record itself is in raw_data.',
    ],
  },
  stix: {
    name: 'STIX 2.1 bundle',
    ending: '.json',
    limits: ['Only bookmarked events and confirmed indicators are in it.'],
  },
  misp: { name: 'MISP event', ending: '.json', limits: ['Only confirmed indicators are in it.'] },
  parquet: {
    name: 'Parquet by account, region and day',
    ending: '',
    limits: [
      'Accounts and regions that do not look like one are in the directory "other"; their true value is in the columns.',
    ],
  },
}
