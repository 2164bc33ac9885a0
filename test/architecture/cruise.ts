import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

export const root = join(import.meta.dirname, '../..')

export type Violation = { readonly from: string; readonly to: string; readonly rule: string }
export type Cruise = { readonly files: readonly string[]; readonly violations: readonly Violation[] }

type Report = {
  modules: { source: string }[]
  summary: { violations: { from: string; to: string; rule: { name: string } }[] }
}

/** Runs build/walls.cjs over the source folders of `tree`; paths in the answer are relative to it. */
export async function cruise(tree: string): Promise<Cruise> {
  const tool = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const options = ['--config', join(root, 'build/walls.cjs'), '--output-type', 'json']
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [tool, ...options, 'electron', 'renderer', 'shared', 'test'],
    { cwd: tree, maxBuffer: 256 * 1024 * 1024 },
  )
  const report = JSON.parse(stdout) as Report
  return {
    files: report.modules
      .map((module) => module.source)
      .filter((path) => /^(electron|renderer|shared|test)\//.test(path)),
    violations: report.summary.violations.map(({ from, to, rule }) => ({ from, to, rule: rule.name })),
  }
}
