import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { headerChange } from '../annotations/case-header.ts'
import type { EngineAccess, EngineHandlers } from '../engine-access.ts'
import { runImport } from '../intake/run/run-import.ts'
import { stopIfCancelled } from '../refusal.ts'
import { makeSample } from '../sample/make-sample.ts'
import { verifyCase } from '../verify/verify-case.ts'

type Names =
  | 'cases.create'
  | 'cases.open'
  | 'cases.openSample'
  | 'cases.info'
  | 'cases.update'
  | 'cases.setExaminer'
  | 'cases.close'
  | 'cases.verify'

export function caseHandlers(engine: EngineAccess): Pick<EngineHandlers, Names> {
  return {
    'cases.create': async ({ grant, header, examiner }) =>
      (await engine.create(engine.host.spend(grant), withoutUndefined(header), examiner)).info(),
    'cases.open': async ({ grant, examiner }) => (await engine.open(engine.host.spend(grant), examiner ?? null)).info(),
    'cases.openSample': async ({ examiner }, { signal, progress }) => {
      const folder = join(engine.setting.temporaryFolder, `trailcase-sample-${engine.setting.now()}`)
      const evidence = join(folder, 'evidence')
      const files = [...makeSample()]
      for (const [n, file] of files.entries()) {
        stopIfCancelled(signal)
        const path = join(evidence, file.path)
        await mkdir(dirname(path), { recursive: true })
        await writeFile(path, file.bytes)
        if (n % 50 === 0) progress({ phase: 'writing the sample evidence', done: n, total: files.length })
      }
      const who = examiner ?? { name: 'Sample examiner', organisation: '', identifier: '' }
      const open = await engine.create(
        join(folder, 'sample-investigation.trailcase'),
        { title: 'Sample investigation', number: 'SAMPLE-1', tlp: 'TLP:CLEAR' },
        who,
      )
      try {
        await runImport(
          open,
          { paths: [evidence], mode: 'copy' },
          (p) => progress({ phase: 'importing', done: p.files, total: p.filesTotal ?? p.files }),
          signal,
        )
      } catch (error) {
        await engine.close(open.id)
        await rm(folder, { recursive: true, force: true })
        throw error
      }
      return open.info()
    },
    'cases.info': ({ caseId }) => engine.case(caseId).info(),
    'cases.update': async ({ caseId, header }) => {
      const open = engine.case(caseId)
      const change = headerChange(await open.caseObject(), withoutUndefined(header))
      const { before, after } = change
      if (Object.keys(after).length > 0)
        await open.change('case.update', [open.operation('case.set', 'case', change)], { before, after })
      return open.info()
    },
    'cases.setExaminer': async ({ caseId, examiner }) => {
      const open = engine.case(caseId)
      const before = open.examiner
      open.examiner = examiner
      await open.change('case.examiner', [], { before, after: examiner })
      return open.info()
    },
    'cases.close': async ({ caseId }) => ({ closed: await engine.close(caseId) }),
    'cases.verify': ({ caseId }, { signal, progress }) => verifyCase(engine.case(caseId), progress, signal),
  }
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }
/** Zod writes optional members as `undefined`; a change names only what changes. */
const withoutUndefined = <T extends object>(value: T): Defined<T> =>
  Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as Defined<T>
