import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ImportResult } from '#shared/contract/sources.ts'
import type { EngineSetting } from '../engine-setting.ts'
import { runImport } from '../intake/run/run-import.ts'
import { OpenCase } from '../open-case.ts'
import { buildSample, type Sample } from '../sample/make-sample.ts'

/** A throw-away case with evidence that was made for the check. */
export type BenchCase = { readonly open: OpenCase; readonly imported: ImportResult }
export type SampleCase = BenchCase & { readonly sample: Sample }

const examiner = { name: 'Validation', organisation: '', identifier: '' }

/** What the checks share: a temporary folder, and the sample investigation imported as a person would import it. */
export class Bench {
  readonly signal: AbortSignal
  readonly setting: EngineSetting
  readonly #folder: string
  readonly #cases: OpenCase[] = []
  #sample: Promise<SampleCase> | undefined

  /** @param folder an empty folder of this run's own */
  constructor(setting: EngineSetting, folder: string, signal: AbortSignal) {
    this.setting = setting
    this.signal = signal
    this.#folder = folder
  }

  /**
   * The sample investigation without its one broken-off file: how much of that can be read depends on how this machine's zlib packed it,
   * so its answer is not known beforehand. `salvage` has a broken file of its own.
   */
  sample(): Promise<SampleCase> {
    this.#sample ??= this.#makeSample()
    return this.#sample
  }

  async #makeSample(): Promise<SampleCase> {
    const whole = buildSample()
    const files = whole.files.filter((file) => file.path !== whole.truth.damage.truncated.path)
    return { ...(await this.import('sample', files)), sample: { ...whole, files } }
  }

  /** Imports these files into a case of their own. */
  async import(name: string, files: readonly { path: string; bytes: Uint8Array }[]): Promise<BenchCase> {
    const evidence = join(this.#folder, name, 'evidence')
    for (const file of files) {
      const path = join(evidence, file.path)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, file.bytes)
    }
    const header = { title: 'Validation', number: 'VALIDATION', owner: 'Validation', authority: 'Validation' }
    const open = await OpenCase.create(join(this.#folder, name, 'case.trailcase'), header, examiner, this.setting)
    this.#cases.push(open)
    const imported = await runImport(open, { paths: [evidence], mode: 'copy' }, () => undefined, this.signal)
    return { open, imported }
  }

  async close(): Promise<void> {
    for (const open of this.#cases) await open.close()
  }
}
