import { counted, grouped } from '#shared/base/count.ts'
import { displayUtc, type UtcMs } from '#shared/base/time.ts'
import {
  absenceStatement,
  groupHex,
  integrityFailed,
  integrityStatement,
  standingLimitations,
  type EvidenceFile,
  type RawRecord,
  type ReportModel,
} from '#shared/domain/report.ts'
import {
  body,
  cell,
  cells,
  column,
  faint,
  heading,
  listed,
  mono,
  plain,
  strong,
  type Block,
  type Line,
  type Listed,
  type Section,
} from './blocks.ts'
import { halfHex, tableOr } from './compose-front.ts'
import { prettyRaw } from './pretty-raw.ts'

export function evidenceSection(model: ReportModel): Section {
  const { evidence } = model
  return {
    title: 'Evidence',
    orientation: 'landscape',
    startsPage: true,
    blocks: [
      body(
        plain(
          `Original files are ${evidence.storage}. SHA-256 is over the bytes as they were handed over (for .gz files, the compressed bytes).`,
        ),
      ),
      heading('Sources'),
      tableOr(
        'Sources',
        [
          column('Exhibit', 8),
          column('Description', 20),
          column('Original name or path', 28),
          column('Bytes', 10, 'right'),
          column('Acquired', 24),
          column('How', 16),
        ],
        evidence.sources.flatMap((one) => [
          cells(
            cell(mono(one.exhibit)),
            cell(plain(one.description)),
            [[plain(one.path)], ...hashLines(one.sha256)],
            cell(plain(grouped(one.bytes))),
            [
              [plain(one.acquiredBy === '' ? 'not stated' : one.acquiredBy)],
              [faint(timeOr(one.acquiredAt, 'time not stated'))],
            ],
            cell(plain(one.acquiredHow === '' ? 'not stated' : one.acquiredHow)),
          ),
        ]),
        'The case holds no evidence.',
      ),
      heading('Files'),
      body(
        plain(
          `${grouped(evidence.files.length)} of ${grouped(evidence.filesTotal)} files listed${evidence.files.length < evidence.filesTotal ? ': those that hold printed events. The others are in the case, with their hashes' : ''}.`,
        ),
      ),
      ...fileTable(evidence.files),
      heading('Account of everything that was read'),
      ...accountBlocks(model),
    ],
  }
}

function fileTable(files: readonly EvidenceFile[]): Block[] {
  if (files.length === 0) return []
  const columns = [
    column('File', 5, 'right'),
    column('Source', 7),
    column('Path and SHA-256', 52),
    column('Bytes', 8, 'right'),
    column('Records', 7, 'right'),
    column('First and last event', 16),
    column('Digest verdict', 12),
    column('Checked again', 14),
  ]
  const rows = listed(files, (one) =>
    cells(
      cell(plain(String(one.number))),
      cell(mono(one.source)),
      [[plain(one.path)], ...hashLines(one.sha256)],
      cell(plain(grouped(one.bytes))),
      cell(plain(grouped(one.records))),
      [[plain(timeOr(one.first, 'none'))], [plain(timeOr(one.last, 'none'))]],
      cell(plain(one.verdict)),
      recheckCell(one.recheck),
    ),
  )
  return [{ kind: 'table', caption: 'Files', columns, rows }]
}

function recheckCell(recheck: EvidenceFile['recheck']): Line[] {
  if (recheck === null) return [[faint('not checked again')]]
  const word = recheck.result === 'match' ? plain('match') : strong(recheck.result.toUpperCase())
  return [[word], [faint(displayUtc(recheck.at))]]
}

function hashLines(sha256: string | null): Line[] {
  if (sha256 === null) return [[faint('folder: its files carry the hashes')]]
  return halfHex(sha256)
}

const timeOr = (time: UtcMs | null, otherwise: string): string => (time === null ? otherwise : displayUtc(time))

function accountBlocks(model: ReportModel): Block[] {
  const { entries, records, quarantine } = model.evidence
  const agree = (sum: number, all: number) =>
    sum === all ? 'The counts add up.' : `FAILED: the counts do not add up (${grouped(sum)} of ${grouped(all)}).`
  const entrySum = entries.stored + entries.duplicate + entries.quarantined + entries.ignored
  const recordSum = records.stored + records.duplicate + records.conflict + records.rejected
  return [
    body(
      plain(
        `Files seen ${grouped(entries.seen)} = stored ${grouped(entries.stored)} + duplicate ${grouped(entries.duplicate)} + quarantined ${grouped(entries.quarantined)} + not CloudTrail ${grouped(entries.ignored)}. ${agree(entrySum, entries.seen)}`,
      ),
    ),
    body(
      plain(
        `Records read ${grouped(records.read)} = stored ${grouped(records.stored)} + duplicate ${grouped(records.duplicate)} + conflicting ${grouped(records.conflict)} + rejected ${grouped(records.rejected)}. ${agree(recordSum, records.read)}`,
      ),
    ),
    tableOr(
      'Quarantine',
      [column('Quarantined file', 55), column('Reason', 45)],
      quarantine.map((one) => cells(cell(plain(one.path)), cell(plain(one.reason)))),
      'No file is in quarantine.',
    ),
  ]
}

export function methodSection(model: ReportModel): Section {
  const { method } = model
  return {
    title: 'Method and tools',
    orientation: 'portrait',
    startsPage: true,
    blocks: [
      heading('Method'),
      method.steps.length === 0
        ? body(faint('No steps are recorded.'))
        : { kind: 'list', items: method.steps.map((step) => [plain(step)]) },
      heading('Tools and versions'),
      tableOr(
        'Tools',
        [column('Tool', 25), column('Version', 25), column('Detail', 50)],
        method.tools.map((one) => cells(cell(plain(one.name)), cell(mono(one.version)), cell(plain(one.detail)))),
        'No tools are recorded.',
      ),
      heading('The same numbers with other tools'),
      ...(method.secondTool.length === 0
        ? [body(faint('No commands are recorded.'))]
        : method.secondTool.flatMap((one): Block[] => [
            body(plain(one.purpose)),
            { kind: 'code', lines: one.command.split('\n'), numbered: false },
          ])),
    ],
  }
}

export function limitationsSection(model: ReportModel): Section {
  const { gaps } = model.evidence
  return {
    title: 'Limitations',
    orientation: 'portrait',
    startsPage: false,
    blocks: [
      body(plain(absenceStatement)),
      { kind: 'list', items: [...model.limitations, ...standingLimitations].map((one) => [plain(one)]) },
      heading('Gaps in the evidence'),
      tableOr(
        'Gaps',
        [column('Account', 17), column('Region', 15), column('From', 23), column('To', 23), column('Reason', 30)],
        gaps.map((one) =>
          cells(
            cell(mono(one.account)),
            cell(plain(one.region)),
            cell(plain(displayUtc(one.from))),
            cell(plain(displayUtc(one.to))),
            cell(plain(one.reason)),
          ),
        ),
        'No gap is known. Where no digests exist, a gap cannot be seen.',
      ),
    ],
  }
}

export function integritySection(model: ReportModel): Section {
  const sentences = integrityStatement(model.integrity)
  const failed = integrityFailed(model.integrity)
  const { findings } = model.integrity.digests
  return {
    title: 'Integrity statement',
    orientation: 'portrait',
    startsPage: false,
    blocks: [
      {
        kind: 'banner',
        tone: failed ? 'failed' : 'passed',
        title: failed ? 'FAILED: at least one check found a failure' : 'All checks passed',
        lines: [],
      },
      { kind: 'list', items: sentences.map((one) => [one.failed ? strong(one.text) : plain(one.text)]) },
      heading('Findings of the digest check'),
      tableOr(
        'Digest findings',
        [column('Severity', 10), column('Code', 24), column('File', 33), column('What was found', 33)],
        findings.map((one) =>
          cells(
            cell(one.severity === 'high' ? strong('HIGH') : plain(one.severity)),
            cell(plain(one.code)),
            cell(plain(one.path)),
            cell(plain(one.detail)),
          ),
        ),
        'None.',
      ),
    ],
  }
}

export function custodySection(model: ReportModel): Section {
  const { custody } = model
  const transfers = custody.transfers.map((one) =>
    cells(
      cell(plain(displayUtc(one.at))),
      cell(plain(one.releasedBy)),
      cell(plain(one.receivedBy)),
      [[plain(one.why)], [faint(`${one.media}, ${one.how}`)]],
      [
        [plain('before '), mono(groupHex(one.sha256Before))],
        [plain('after '), mono(groupHex(one.sha256After))],
      ],
    ),
  )
  return {
    title: 'Custody log and transfers',
    orientation: 'landscape',
    startsPage: true,
    blocks: [
      body(
        plain(
          `${grouped(custody.entries.length)} of ${counted(custody.total, 'entry', 'entries')} of the custody log listed.`,
        ),
      ),
      tableOr(
        'Custody log',
        [
          column('No.', 6, 'right'),
          column('Time UTC', 15),
          column('Who', 11),
          column('Action', 11),
          column('Detail', 44),
          column('Hash', 14),
        ],
        listed(custody.entries, (one) =>
          cells(
            cell(plain(String(one.seq))),
            cell(plain(displayUtc(one.at))),
            cell(plain(one.actor)),
            cell(plain(one.action)),
            cell(plain(one.detail)),
            cell(mono(groupHex(one.hash.slice(0, 16)))),
          ),
        ),
        'No entry is printed.',
      ),
      heading('Transfers'),
      tableOr(
        'Transfers',
        [
          column('Time UTC', 14),
          column('Released by', 16),
          column('Received by', 16),
          column('Why, media, how', 22),
          column('SHA-256', 32),
        ],
        transfers,
        'No transfer is recorded.',
      ),
      heading('Transfer of this report and its evidence'),
      {
        kind: 'form',
        fields: [
          'Released by (name, organisation)',
          'Received by (name, organisation)',
          'Signature',
          'Signature',
          'Date and time UTC',
          'Date and time UTC',
          'Reason',
          'Media and seal number',
        ],
      },
    ],
  }
}

export function recordsSection(model: ReportModel): Section {
  const intro = body(
    plain(
      'Each record as it stands in the evidence. Line breaks and indentation are added; no character of the record is changed, except that characters a reader could not see, or the fonts of this document cannot draw, are shown as \\u{…}, and that redacted values are replaced by their marks.',
    ),
  )
  return {
    title: 'Appendix A: raw records',
    orientation: 'portrait',
    startsPage: true,
    blocks:
      model.records.length === 0 ? [intro, body(faint('The report has no exhibits.'))] : recordsBlocks(model, intro),
  }
}

/** Made record by record: thousands of records in lines take far more memory than as they are. */
function recordsBlocks({ records }: ReportModel, intro: Block): Listed<Block> {
  return {
    length: 1 + records.reduce((sum, record) => sum + (isCut(record) ? 4 : 3), 0),
    *[Symbol.iterator]() {
      yield intro
      for (const record of records) yield* recordBlocks(record)
    },
  }
}

const isCut = ({ text, limit }: RawRecord): boolean => text.length > limit

function recordBlocks(record: RawRecord): Block[] {
  const text = cutText(record.text, record.limit)
  const cut = isCut(record)
  const hash =
    record.sha256 === null
      ? [[faint('withheld: a value in this record is redacted, and a hash would let a reader test guesses at it')]]
      : halfHex(record.sha256)
  return [
    heading(`Exhibit ${record.exhibit}`, true),
    {
      kind: 'facts',
      rows: [
        { label: 'Source', lines: [[plain(`file ${record.file}, record ${record.record}`)]] },
        { label: 'Event id', lines: [[mono(record.eventId)]] },
        { label: 'SHA-256 of the record', lines: hash },
        { label: 'Shown', lines: [[plain(shownText(record, text, cut))]] },
      ],
    },
    { kind: 'code', lines: prettyRaw(text), numbered: true },
    ...(cut ? [body(strong('Cut here. '), plain('The whole record is in the evidence.'))] : []),
  ]
}

/** Never cuts through a surrogate pair. */
function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text
  const last = text.charCodeAt(limit - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit)
}

function shownText(record: RawRecord, text: string, cut: boolean): string {
  if (record.sha256 === null)
    return cut ? 'the beginning of the record, with redactions' : 'the whole record, with redactions'
  if (!cut) return `${grouped(record.bytes)} of ${grouped(record.bytes)} bytes shown`
  return `${grouped(Math.min(record.bytes, utf8Length(text)))} of ${grouped(record.bytes)} bytes shown`
}

const utf8Length = (text: string): number => new TextEncoder().encode(text).length

export function exclusionsSection(model: ReportModel): Section {
  return {
    title: 'Appendix B: excluded and redacted',
    orientation: 'portrait',
    startsPage: true,
    blocks: [
      heading('Bookmarks that are not in this report'),
      tableOr(
        'Excluded bookmarks',
        [column('Exhibit', 14), column('Time UTC', 26), column('Event', 30), column('Reason', 30)],
        model.selection.excluded.map((one) =>
          cells(
            cell(mono(one.exhibit)),
            cell(plain(one.time === null ? 'not known' : displayUtc(one.time))),
            cell(plain(one.event)),
            cell(plain(one.reason)),
          ),
        ),
        'None: every bookmark of the case is in the timeline.',
      ),
      heading('Redactions'),
      ...(model.redactions.length === 0
        ? []
        : [
            body(
              plain(
                'Redacted values were removed from the data before this report was drawn. The same value has the same mark everywhere. The values are not in this document.',
              ),
            ),
          ]),
      tableOr(
        'Redactions',
        [
          column('No.', 9),
          column('Printed as', 34),
          column('Reason', 22),
          column('By', 15),
          column('Date UTC', 22),
          column('Times', 8, 'right'),
        ],
        model.redactions.map((one) =>
          cells(
            cell(plain(`R-${String(one.number).padStart(2, '0')}`)),
            cell(plain(one.token)),
            cell(plain(one.reason)),
            cell(plain(one.by)),
            cell(plain(displayUtc(one.at))),
            cell(plain(grouped(one.occurrences))),
          ),
        ),
        'None.',
      ),
    ],
  }
}

/**
 * A draft for Federal Rules of Evidence 902(13) (record generated by a process that produces an accurate result) and 902(14)
 * (data copied and authenticated by a process of digital identification). Wording is ours and says that it is a draft.
 */
export function certificateSection(model: ReportModel, hash: string): Section[] {
  if (!model.certificate) return []
  const { report, evidence } = model
  const examiner = report.examiners[0]
  return [
    {
      title: 'Draft certificate (FRE 902(13), 902(14))',
      orientation: 'portrait',
      startsPage: true,
      blocks: [
        {
          kind: 'banner',
          tone: 'note',
          title: 'DRAFT: not signed. Have counsel check wording, notice and applicability before use.',
          lines: [],
        },
        body(
          plain(
            `I, ${examiner ? [examiner.name, examiner.organisation].filter((one) => one !== '').join(', ') : '____________________'}, state that I am qualified by training and experience to make this certificate, and declare:`,
          ),
        ),
        {
          kind: 'list',
          items: [
            [
              plain(
                'The electronic files listed under Evidence were copied from the sources named there. Each copy is identified by its SHA-256 hash, a process of digital identification by which equal hashes show equal bytes.',
              ),
            ],
            [
              plain(
                `The files listed (${grouped(evidence.files.length)} of ${grouped(evidence.filesTotal)}) were hashed when they were added to the case and again at ${displayUtc(model.integrity.checkedAt)}. The result, with every difference, is stated in the integrity statement of this report.`,
              ),
            ],
            [
              plain(
                `This report was generated from these files by ${report.tool.name} ${report.tool.version} (commit ${report.tool.commit}), an electronic process. Its checks with known answers, which show that it produces an accurate result, are recorded in the validation result for that version.`,
              ),
            ],
            [
              plain(
                'The timeline is a summary of the records. The records themselves are available for examination as stated under Evidence and in appendix A.',
              ),
            ],
            [plain('This certificate belongs to the report with the content hash '), mono(groupHex(hash)), plain('.')],
          ],
        },
        body(strong('I declare under penalty of perjury that the foregoing is true and correct.')),
        { kind: 'form', fields: ['Name', 'Title and organisation', 'Signature', 'Date', 'Place'] },
      ],
    },
  ]
}
