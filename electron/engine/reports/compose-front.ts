import { counted } from '#shared/base/count.ts'
import { proseSpans } from '#shared/base/prose-spans.ts'
import { displayUtc } from '#shared/base/time.ts'
import {
  groupHex,
  integrityFailed,
  integrityStatement,
  tlpMark,
  type Examiner,
  type NarrativePart,
  type ReportModel,
} from '#shared/domain/report.ts'
import { assertNever } from '#shared/base/assert.ts'
import {
  body,
  cell,
  cells,
  column,
  emphasis,
  faint,
  heading,
  mono,
  plain,
  small,
  strong,
  type Block,
  type Line,
  type Section,
} from './blocks.ts'
import { proseBlocks } from './prose.ts'

/** The first page below the title. */
export function coverBlocks(model: ReportModel, hash: string, zone: string): Block[] {
  const { case: about, report } = model
  const period = report.period
  const fact = (label: string, ...lines: Line[]) => ({ label, lines })
  const or = (text: string) => [text === '' ? faint('not stated') : plain(text)]
  return [
    ...(integrityFailed(model.integrity) ? [failedBanner(model)] : []),
    {
      kind: 'facts',
      rows: [
        fact('Case', about.number === '' ? [plain(about.title)] : [strong(about.number), plain(`  ${about.title}`)]),
        fact('Client matter', or(about.clientMatter)),
        fact('Case owner', or(about.owner)),
        fact(report.examiners.length === 1 ? 'Examiner' : 'Examiners', ...report.examiners.flatMap(examinerLines)),
        fact('Report id', [mono(report.uuid)], ...halfHex(hash)),
        fact('Revision', [plain(`${report.revision}, ${report.status}`)]),
        fact(
          'Period covered',
          period ? [plain(`${displayUtc(period.from)} to ${displayUtc(period.to)}`)] : [plain('no events')],
        ),
        fact('Printed', [plain(displayUtc(report.printedAt))]),
        fact('Distribution', [strong(tlpMark(about.tlp))]),
        fact('Times', [plain(zone)]),
        fact('Made with', [plain(`${report.tool.name} ${report.tool.version}, commit `), mono(report.tool.commit)]),
      ],
    },
    small(
      plain(
        `This report is a summary of ${counted(model.timeline.rows.length, 'event')}. The records themselves are in the evidence listed, ` +
          'with their hashes; the exact records of the exhibits are in appendix A.',
      ),
    ),
  ]
}

function examinerLines(examiner: Examiner): Line[] {
  const badge = examiner.badge === null ? '' : `, id ${examiner.badge}`
  return [
    [plain(`${[examiner.name, examiner.organisation].filter((part) => part !== '').join(', ')}${badge}`)],
    examiner.keyFingerprint === null
      ? [faint('no signing key')]
      : [faint('signing key '), mono(examiner.keyFingerprint)],
  ]
}

function failedBanner(model: ReportModel): Block {
  const lines = integrityStatement(model.integrity).filter((one) => one.failed)
  return {
    kind: 'banner',
    tone: 'failed',
    title: 'FAILED: the integrity check of this case found failures',
    lines: lines.map((one) => one.text),
  }
}

export function administrationSection(model: ReportModel): Section {
  const revisions = model.revisions.map((one) =>
    cells(
      cell(plain(String(one.number))),
      cell(plain(displayUtc(one.at))),
      cell(plain(one.by)),
      cell(plain(one.change)),
    ),
  )
  const readers = model.distribution.map((one) =>
    cells(cell(plain(one.name)), cell(plain(one.organisation)), cell(plain(one.purpose))),
  )
  const questions = model.questions.flatMap((one, index): Block[] => [
    body(strong(`${index + 1}. `), strong(one.question)),
    ...(one.answer === '' ? [body(faint('Not answered in this revision.'))] : proseBlocks(one.answer)),
  ])
  return {
    title: 'Commission',
    orientation: 'portrait',
    startsPage: true,
    blocks: [
      heading('Authority and scope'),
      {
        kind: 'facts',
        rows: [
          {
            label: 'Authority',
            lines: [[model.case.authority === '' ? faint('not stated') : plain(model.case.authority)]],
          },
          { label: 'Scope', lines: [[model.case.scope === '' ? faint('not stated') : plain(model.case.scope)]] },
        ],
      },
      heading('Questions asked'),
      ...(questions.length === 0 ? [body(faint('No questions are recorded in the case.'))] : questions),
      heading('Revision history'),
      tableOr(
        'Revisions',
        [column('No.', 8), column('Time UTC', 24), column('By', 24), column('Change', 44)],
        revisions,
        'This is the first revision.',
      ),
      heading('Distribution list'),
      tableOr(
        'Readers',
        [column('Name', 30), column('Organisation', 35), column('Purpose', 35)],
        readers,
        'No readers are recorded in the case.',
      ),
    ],
  }
}

export function tableOr(
  caption: string,
  columns: Extract<Block, { kind: 'table' }>['columns'],
  rows: Extract<Block, { kind: 'table' }>['rows'],
  otherwise: string,
): Block {
  return rows.length === 0 ? body(faint(otherwise)) : { kind: 'table', caption, columns, rows }
}

export function summarySection(model: ReportModel): Section {
  const text = proseBlocks(model.summary)
  return {
    title: 'Summary',
    orientation: 'portrait',
    startsPage: false,
    blocks: text.length === 0 ? [body(faint('No summary has been written.'))] : text,
  }
}

export function findingsSection(model: ReportModel): Section {
  const intro = small(
    plain(
      'A fact is what the records say. An inference follows from facts by reasoning that is given. A hypothesis is an explanation not yet tested. A hit of a rule is none of these until an examiner accepts it.',
    ),
  )
  const blocks = model.findings.flatMap((one): Block[] => [
    heading(`Finding ${one.number}: ${one.title}`, true),
    {
      kind: 'facts',
      rows: [
        { label: 'Assertion', lines: [[strong(one.assertion.toUpperCase()), plain(`, confidence ${one.confidence}`)]] },
        { label: 'Exhibits', lines: [[one.exhibits.length === 0 ? faint('none') : mono(one.exhibits.join('  '))]] },
        { label: 'Stated by', lines: [[plain(`${one.by}, ${displayUtc(one.at)}`)]] },
      ],
    },
    ...proseBlocks(one.statement),
    ...(one.alternatives.length === 0
      ? [body(emphasis('Alternative explanations: none recorded.'))]
      : [
          body(strong('Alternative explanations')),
          { kind: 'list' as const, items: one.alternatives.map((text) => proseSpans(text)) },
        ]),
  ])
  return {
    title: 'Findings',
    orientation: 'portrait',
    startsPage: false,
    blocks: [intro, ...(blocks.length === 0 ? [body(faint('No findings have been stated.'))] : blocks)],
  }
}

export function narrativeSection(model: ReportModel): Section[] {
  if (model.narrative.length === 0) return []
  return [
    {
      title: 'Narrative',
      orientation: 'portrait',
      startsPage: false,
      blocks: model.narrative.flatMap((part) => narrativeBlocks(part, model)),
    },
  ]
}

function narrativeBlocks(part: NarrativePart, model: ReportModel): Block[] {
  switch (part.kind) {
    case 'prose':
      return proseBlocks(part.text)
    case 'finding': {
      const finding = model.findings.find((one) => one.number === part.number)
      return [body(strong(`Finding ${part.number}. `), plain(finding ? finding.title : 'not part of this report'))]
    }
    case 'exhibit':
      return [body(mono(part.exhibit), plain('  '), ...proseSpans(part.text))]
    case 'view':
      return [
        body(
          strong(`${part.title}: `),
          plain(`${counted(part.shown, 'event')} of ${counted(part.total, 'event')}, query `),
          mono(part.query === '' ? '(everything)' : part.query),
        ),
      ]
    default:
      return assertNever(part)
  }
}

/** 64 hex digits in two lines of four groups. */
export const halfHex = (hex: string): Line[] => [[mono(groupHex(hex.slice(0, 32)))], [mono(groupHex(hex.slice(32)))]]
