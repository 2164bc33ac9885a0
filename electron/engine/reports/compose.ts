import { displayUtc } from '#shared/base/time.ts'
import { integrityFailed, tlpColours, tlpMark, type ReportModel } from '#shared/domain/report.ts'
import {
  cell,
  cells,
  column,
  plain,
  strong,
  textsOf,
  type Block,
  type ComposedReport,
  type Listed,
  type PageMarks,
  type Section,
} from './blocks.ts'
import {
  certificateSection,
  custodySection,
  evidenceSection,
  exclusionsSection,
  integritySection,
  limitationsSection,
  methodSection,
  recordsSection,
} from './compose-back.ts'
import {
  administrationSection,
  coverBlocks,
  findingsSection,
  narrativeSection,
  summarySection,
} from './compose-front.ts'
import { chartSection, timelineSection } from './compose-timeline.ts'
import { glossaryOf } from './glossary.ts'
import { reportHash } from './report-hash.ts'
import { rowPeriod } from './timeline-items.ts'
import { openZone, zoneStatement, type Zone } from './zone.ts'

/**
 * The whole report as sections of blocks, in the order in which it is printed. Pure: the same model gives the same blocks.
 * A zone name that this runtime does not know is printed as UTC, and the page marks say so.
 */
export function composeReport(model: ReportModel): ComposedReport {
  const hash = reportHash(model)
  const zone = openZone(model.case.zone)
  const used: Zone = zone ?? { name: 'UTC', offsetAt: () => 0, nextChange: () => undefined }
  const unknown = zone ? '' : ` (zone "${model.case.zone}" is not known here)`
  const times = zoneStatement(used, rowPeriod(model.timeline.rows) ?? model.report.period) + unknown
  const before: Section[] = [
    administrationSection(model),
    summarySection(model),
    findingsSection(model),
    ...narrativeSection(model),
    ...chartSection(model),
    timelineSection(model, used),
    evidenceSection(model),
    methodSection(model),
    limitationsSection(model),
    integritySection(model),
  ]
  const after: Section[] = [
    custodySection(model),
    recordsSection(model),
    exclusionsSection(model),
    ...certificateSection(model, hash),
  ]
  const cover = coverBlocks(model, hash, times)
  return {
    title: model.report.title,
    subtitle: `Printed timeline of AWS CloudTrail events, ${model.report.status === 'DRAFT' ? 'draft' : 'final'} report`,
    marks: marksOf(model, hash, times),
    cover,
    sections: [...before, glossarySection([cover, ...before.map((one) => one.blocks)]), ...after],
  }
}

function marksOf(model: ReportModel, hash: string, zone: string): PageMarks {
  return {
    caseNumber: model.case.number === '' ? '(no number)' : model.case.number,
    caseTitle: model.case.title,
    reportId: hash.slice(0, 8),
    tlp: tlpMark(model.case.tlp),
    tlpColour: tlpColours[model.case.tlp],
    status: model.report.status,
    printed: displayUtc(model.report.printedAt),
    examiner: model.report.examiners.map((one) => one.name).join(', '),
    zone,
    alarm: integrityFailed(model.integrity) ? 'INTEGRITY CHECK FAILED' : null,
  }
}

function glossarySection(parts: readonly Listed<Block>[]): Section {
  const found = glossaryOf(textsOfAll(parts))
  return {
    title: 'Glossary',
    orientation: 'portrait',
    startsPage: false,
    blocks: [
      {
        kind: 'table',
        caption: 'Terms used in this report',
        columns: [column('Term', 24), column('Meaning', 76)],
        rows: found.map((one) => cells(cell(strong(one.term)), cell(plain(one.meaning)))),
      },
    ],
  }
}

/** Every text once: the rows of a long timeline say the same again and again. */
function textsOfAll(parts: readonly Listed<Block>[]): Set<string> {
  const texts = new Set<string>()
  for (const blocks of parts) for (const block of blocks) for (const text of textsOf(block)) texts.add(text)
  return texts
}
