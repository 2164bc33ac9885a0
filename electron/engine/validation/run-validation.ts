import { mkdtemp, rm } from 'node:fs/promises'
import { arch, cpus, platform, release } from 'node:os'
import { join } from 'node:path'
import { utcMs } from '#shared/base/time.ts'
import { cutMiddle, visible } from '#shared/base/visible.ts'
import type { EngineSetting } from '../engine-setting.ts'
import { Refusal, stopIfCancelled } from '../refusal.ts'
import type { ValidationResult } from '../reports/validation-pdf.ts'
import { sqliteVersion } from '../storage/sqlite.ts'
import { Bench } from './bench.ts'
import type { KnownAnswerCheck } from './check.ts'

export type ValidationProgress = { readonly check: string; readonly done: number; readonly total: number }

/**
 * Runs the checks one after the other on evidence made for them, in cases of their own that are thrown away, and compares with the known
 * answers. Nothing stops the run but the person: a check that cannot be carried out has failed, and says why.
 * @throws Refusal `cancelled`, `unreadable` without a temporary folder to work in
 */
export async function runValidation(
  setting: EngineSetting,
  checks: readonly KnownAnswerCheck[],
  progress: (p: ValidationProgress) => void,
  signal: AbortSignal,
): Promise<ValidationResult> {
  const started = setting.now()
  const folder = await makeFolder(setting.temporaryFolder)
  const bench = new Bench(setting, folder, signal)
  try {
    const results: ValidationResult['checks'][number][] = []
    for (const { id, requirement, expected, find } of checks) {
      stopIfCancelled(signal)
      progress({ check: requirement, done: results.length, total: checks.length })
      const found = await answerOf(find, bench)
      results.push({ id, requirement, expected, found, passed: found === expected })
    }
    return { ranAt: utcMs(started), seconds: (setting.now() - started) / 1000, machine: machineOf(), checks: results }
  } finally {
    await bench.close()
    await rm(folder, { recursive: true, force: true })
  }
}

const makeFolder = (temporary: string): Promise<string> =>
  mkdtemp(join(temporary, 'trailcase-validation-')).catch(() => {
    throw new Refusal(
      'unreadable',
      `The temporary folder ${temporary} cannot be written to, so nothing could be checked. Free it, or set TMPDIR to another.`,
    )
  })

async function answerOf(find: KnownAnswerCheck['find'], bench: Bench): Promise<string> {
  try {
    return await find(bench)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'cancelled') throw error
    return `could not be carried out: ${cutMiddle(visible(error instanceof Error ? error.message : String(error)), 300)}`
  }
}

/** What the result holds for: the same program on another machine is another installation. */
const machineOf = (): ValidationResult['machine'] => [
  { label: 'System', value: `${platform()} ${release()}, ${arch()}` },
  { label: 'Processor', value: cpus()[0]?.model.trim() ?? 'not named' },
  {
    label: 'Runtime',
    value: `Node.js ${process.versions.node}, zlib ${process.versions.zlib}, SQLite ${sqliteVersion}`,
  },
]
