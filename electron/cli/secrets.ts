import { readFileSync, statSync } from 'node:fs'
import { CliFailure } from './failure.ts'

/** Keys and passphrases are short; a file larger than this is something else. */
const MOST = 65_536

/** The text of a small file that was named as an option. @throws CliFailure `not-found`, `bad-input` */
export function readSmallFile(path: string, what: string): string {
  try {
    if (statSync(path).size <= MOST) return readFileSync(path, 'utf8')
  } catch {
    throw new CliFailure('not-found', `${path} cannot be read. Name the file that holds ${what}.`)
  }
  throw new CliFailure('bad-input', `${path} is too large. Name the file that holds ${what}.`)
}

/**
 * The first line of a file as a passphrase. Never an argument: those stand in the list of processes and in the shell's history.
 * @throws CliFailure `not-found`, `bad-input`
 */
export function readPassphrase(path: string): string {
  const [line = ''] = readSmallFile(path, 'the passphrase').split(/\r?\n/, 1)
  if (line === '') throw new CliFailure('bad-input', `The first line of ${path} is empty. Write the passphrase there.`)
  return line
}
