import { extname, resolve } from 'node:path'

export type StartArguments = {
  /** The case to open, as an absolute path. */
  readonly casePath: string | undefined
  /** Who works on it (`--examiner NAME`), or undefined. */
  readonly examiner: string | undefined
}

/**
 * What a start asks for. Everything else is ignored: switches, and files that are not cases. Chromium mixes switches of
 * its own into the arguments of a second start, in any order.
 */
export function startArguments(args: readonly string[], workingFolder: string): StartArguments {
  const isExaminer = (n: number): boolean => args[n] === '--examiner'
  const examiner =
    args.find((_arg, n) => isExaminer(n - 1)) ??
    args.find((arg) => arg.startsWith('--examiner='))?.slice('--examiner='.length)
  const file = args.find((arg, n) => !arg.startsWith('-') && !isExaminer(n - 1) && isCaseName(arg))
  return {
    casePath: file === undefined ? undefined : resolve(workingFolder, file),
    examiner: examiner?.trim() === '' ? undefined : examiner?.trim(),
  }
}

export const isCaseName = (path: string): boolean => extname(path).toLowerCase() === '.trailcase'
