import { failed, type Failed } from '#shared/base/result.ts'

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])
const UNWRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'EIO', 'EBUSY'])

/** The system's code of an error, such as `ENOSPC`; empty when it has none. */
export const errorCode = (problem: unknown): string =>
  problem instanceof Error && 'code' in problem ? String(problem.code) : ''

/** Trouble of the disk is expected and said in words. Anything else is a bug: undefined, and the caller throws it on. */
export function diskTrouble(problem: unknown): Failed<'NO_SPACE' | 'NOT_WRITABLE'> | undefined {
  const code = errorCode(problem)
  if (FULL.has(code)) {
    return failed(
      'NO_SPACE',
      'The disk is full, so the file could not be finished; nothing was kept. Free space or choose another disk.',
    )
  }
  if (UNWRITABLE.has(code))
    return failed('NOT_WRITABLE', `The file could not be written (${code}). Choose another folder.`)
  return undefined
}
