import { resolve } from 'node:path'
import { isCaseName, isPackageName } from '#shared/domain/file-names.ts'

export type StartArguments = {
  /** The case to open, as an absolute path. */
  readonly casePath: string | undefined
  /** The package to look at, as an absolute path. */
  readonly packagePath: string | undefined
  /** Who works on it (`--examiner NAME`), or undefined. */
  readonly examiner: string | undefined
}

/**
 * What a start asks for. Everything else is ignored: switches, and files that are neither cases nor packages. Chromium mixes switches of
 * its own into the arguments of a second start, in any order.
 */
export function startArguments(args: readonly string[], workingFolder: string): StartArguments {
  const isExaminer = (n: number): boolean => args[n] === '--examiner'
  const examiner =
    args.find((_arg, n) => isExaminer(n - 1)) ??
    args.find((arg) => arg.startsWith('--examiner='))?.slice('--examiner='.length)
  const file = (isNamed: (name: string) => boolean): string | undefined => {
    const found = args.find((arg, n) => !arg.startsWith('-') && !isExaminer(n - 1) && isNamed(arg))
    return found === undefined ? undefined : resolve(workingFolder, found)
  }
  return {
    casePath: file(isCaseName),
    packagePath: file(isPackageName),
    examiner: examiner?.trim() === '' ? undefined : examiner?.trim(),
  }
}
