import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { utcMs } from '#shared/base/time.ts'
import type { EngineAccess, EngineHandlers } from '../engine-access.ts'
import { Refusal } from '../refusal.ts'
import { loadReportFonts } from '../reports/report-fonts.ts'
import { writeValidationPdf, type ValidationResult } from '../reports/validation-pdf.ts'
import type { KnownAnswerCheck } from '../validation/check.ts'
import { knownAnswers } from '../validation/known-answers.ts'
import { runValidation } from '../validation/run-validation.ts'
import { writeNewFile } from './write-new-file.ts'

/** @param checks those that are shipped, unless a test wants to see a wrong answer reported */
export function validationHandlers(
  engine: EngineAccess,
  checks: readonly KnownAnswerCheck[] = knownAnswers,
): Pick<EngineHandlers, 'validation.run' | 'validation.save'> {
  let last: ValidationResult | undefined
  return {
    'validation.run': async (_, { progress, signal }) => {
      last = await runValidation(engine.setting, checks, progress, signal)
      return last
    },
    'validation.save': async ({ grant, paper, examiner }, { signal }) => {
      const path = engine.host.spend(grant)
      if (!last) throw new Refusal('not-found', 'This installation was not validated yet. Run the validation first.')
      const { setting } = engine
      const fonts = loadReportFonts(join(dirname(setting.workerPath), 'fonts'))
      if (!fonts.ok) throw new Refusal('unreadable', fonts.message)
      const sheet = {
        caseNumber: 'none',
        caseTitle: 'Not about a case',
        tlp: 'CLEAR' as const,
        examiner: examiner === '' ? 'not stated' : examiner,
        printedAt: utcMs(setting.now()),
        tool: { name: 'Trailcase', version: setting.version, commit: setting.commit },
      }
      const out = new PassThrough()
      const whole = buffer(out)
      const { pages } = await writeValidationPdf(last, sheet, out, { paper, fonts: fonts.value, signal })
      return { ...(await writeNewFile(path, await whole)), pages }
    },
  }
}
