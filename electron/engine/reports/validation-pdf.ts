import type { Writable } from 'node:stream'
import { counted } from '#shared/base/count.ts'
import { displayUtc, type UtcMs } from '#shared/base/time.ts'
import { cell, cells, column, mono, plain, strong, type Block } from './blocks.ts'
import type { PdfOptions } from './pdf.ts'
import { writeSheetPdf, type Sheet } from './sheet-pdf.ts'

/** One run of the checks with known answers on this machine. */
export type ValidationResult = {
  readonly ranAt: UtcMs
  readonly seconds: number
  /** Operating system, processor, versions of Node and SQLite. */
  readonly machine: readonly { readonly label: string; readonly value: string }[]
  readonly checks: readonly {
    readonly id: string
    readonly requirement: string
    readonly expected: string
    readonly found: string
    readonly passed: boolean
  }[]
}

/** The dated result of "Validate this installation". No check at all is a failure: nothing was shown. */
export function writeValidationPdf(
  result: ValidationResult,
  sheet: Omit<Sheet, 'title' | 'subtitle' | 'failed'>,
  out: Writable,
  options: PdfOptions,
): Promise<{ readonly pages: number }> {
  const bad = result.checks.filter((check) => !check.passed).length
  const failed = bad > 0 || result.checks.length === 0
  const words = failed
    ? `FAILED: ${bad} of ${counted(result.checks.length, 'check')} failed`
    : `Passed: ${counted(result.checks.length, 'check')}, none failed`
  const blocks: Block[] = [
    { kind: 'banner', tone: failed ? 'failed' : 'passed', title: words, lines: [] },
    {
      kind: 'facts',
      rows: [
        {
          label: 'Program',
          lines: [[plain(`${sheet.tool.name} ${sheet.tool.version}, commit `), mono(sheet.tool.commit)]],
        },
        { label: 'Run at', lines: [[plain(`${displayUtc(result.ranAt)}, ${result.seconds.toFixed(1)} s`)]] },
        { label: 'Machine', lines: [[plain(result.machine.map(({ value }) => value).join('; '))]] },
      ],
    },
    {
      kind: 'table',
      caption: 'Checks with known answers',
      columns: [
        column('Check', 7),
        column('Requirement', 54),
        column('Known answer (found, if other)', 29),
        column('Result', 10),
      ],
      rows: result.checks.map((check) =>
        cells(
          cell(mono(check.id)),
          cell(plain(check.requirement)),
          check.passed
            ? cell(plain(check.expected))
            : [[plain(check.expected)], [strong('found: '), plain(check.found)]],
          cell(check.passed ? plain('passed') : strong('FAILED')),
        ),
      ),
    },
    { kind: 'form', fields: ['Examiner', 'Signature'] },
  ]
  return writeSheetPdf(
    {
      ...sheet,
      title: 'Validation of this installation',
      subtitle: `Result of ${displayUtc(result.ranAt)}, for this version on this machine: each check has an answer that was known beforehand`,
      failed,
    },
    blocks,
    out,
    options,
  )
}
