import { digestFlagWords, digestVerdictWords, logVerdictWords, type CodeWords } from '#shared/domain/integrity.ts'

/** Codes of findings that are neither a verdict nor a flag. */
const otherWords: Readonly<Record<string, CodeWords>> = {
  CHAIN_GAP: {
    says: 'Digests missing from a chain',
    means:
      'Digests that the next one names are not in the evidence. What was delivered in these hours cannot be proven.',
  },
  CHAIN_END: {
    says: 'A chain ends early',
    means:
      'Digests of one region end hours before those of the others: the newest may have been deleted or not copied.',
  },
  LOG_RENAMED: {
    says: 'Under another name',
    means: 'The content is the one that a digest lists; only the name of the copy differs.',
  },
  LAKE_SIGNATURE_INVALID: {
    says: 'Sign file of a Lake query was changed',
    means: 'Its signature does not fit the hashes in it: it is not what AWS wrote.',
  },
  LAKE_SIGN_UNREADABLE: {
    says: 'Sign file of a Lake query cannot be read',
    means: 'It is damaged, so the result files beside it cannot be proven.',
  },
  LAKE_FILE_MODIFIED: {
    says: 'Result of a Lake query was changed',
    means: 'Its bytes are not the ones that the sign file names.',
  },
  LAKE_FILE_MISSING: {
    says: 'Result of a Lake query is missing',
    means: 'The sign file names it, but it is not in the evidence.',
  },
  LAKE_UNVERIFIED: {
    says: 'Result of a Lake query not checked',
    means: 'With the key list of its region the signature can be checked.',
  },
}

const all: Readonly<Record<string, CodeWords>> = {
  ...digestVerdictWords,
  ...digestFlagWords,
  ...logVerdictWords,
  ...otherWords,
}

/** What the code of a finding says, and what it can mean. @throws when the code has no words, which is a bug. */
export function findingWords(code: string): CodeWords {
  const words = Object.hasOwn(all, code) ? all[code] : undefined
  if (!words) throw new Error(`The finding ${code} has no words; they belong in finding-words.ts`)
  return words
}
