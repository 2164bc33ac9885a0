import type { ContainerKind, Outcome } from './types.ts'

export type BinaryFormat = {
  readonly kind: ContainerKind
  readonly outcome: Exclude<Outcome, 'stored'>
  readonly reason: string
}

type Magic = { readonly at: number; readonly bytes: readonly number[]; readonly what: string; readonly todo: string }
const ascii = (text: string): number[] => [...Buffer.from(text, 'latin1')]
const unpack = 'Unpack it and import the folder.'

const MAGICS: readonly Magic[] = [
  {
    at: 0,
    bytes: [0x50, 0x4b, 0x03, 0x04],
    what: 'A zip archive, too deep in other archives or under the name of a log file,',
    todo: unpack,
  },
  { at: 0, bytes: [0x50, 0x4b, 0x05, 0x06], what: 'An empty zip archive', todo: 'There is nothing in it to import.' },
  {
    at: 257,
    bytes: ascii('ustar'),
    what: 'A tar archive, too deep in other archives or under the name of a log file,',
    todo: unpack,
  },
  { at: 0, bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], what: 'A 7z archive', todo: unpack },
  {
    at: 0,
    bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
    what: 'An xz file',
    todo: 'Unpack it with xz -d and import the result.',
  },
  { at: 0, bytes: ascii('BZh'), what: 'A bzip2 file', todo: 'Unpack it with bzip2 -d and import the result.' },
  { at: 0, bytes: ascii('Rar!'), what: 'A RAR archive', todo: unpack },
  {
    at: 0,
    bytes: ascii('PAR1'),
    what: 'A Parquet file (Security Lake, Athena)',
    todo: 'Parquet is not read: import the log files of the original trail.',
  },
  {
    at: 0,
    bytes: ascii('SQLite format 3\0'),
    what: 'An SQLite database',
    todo: 'A foreign database is not opened: export its records as JSON lines. A case of Trailcase is opened, not imported.',
  },
]

/** Formats known by their first bytes that no reader takes. Never trust the extension: content decides. */
export function binaryFormat(head: Uint8Array): BinaryFormat | undefined {
  for (const magic of MAGICS) {
    if (magic.bytes.every((byte, i) => head[magic.at + i] === byte)) {
      const kind = magic.todo === unpack ? 'archive' : 'other'
      return { kind, outcome: 'quarantined', reason: `${magic.what} is not read. ${magic.todo}` }
    }
  }
  return undefined
}
