import type { Result } from '#shared/base/result.ts'
import type { LakeResult } from '#shared/contract/integrity.ts'
import type { EventVerdict, IntegrityFinding, LogVerdict } from '#shared/domain/integrity.ts'
import { lakeSentence, verifyLakeResult, type LakeSignFile, type LakeVerdict } from './lake-sign-file.ts'
import type { PublicKey } from './parse-keys.ts'

/** A sign file in the evidence. */
export type LakeSign = { readonly path: string; readonly content: Result<LakeSignFile, 'SIGN_FILE_UNREADABLE'> }
/** A file in the evidence that a sign file could name; `sha256` of its bytes as stored, lower-case hex. */
export type LakeFile = { readonly entry: number; readonly path: string; readonly sha256: string }

export type LakeJudgement = {
  readonly results: readonly LakeResult[]
  readonly findings: readonly IntegrityFinding[]
  readonly verdicts: readonly LakeFileJudgement[]
}
export type LakeFileJudgement = {
  readonly entry: number
  readonly verdict: LogVerdict
  readonly event: EventVerdict
  /** Path of the sign file. */
  readonly sign: string
}

/**
 * Checks every saved CloudTrail Lake query against its sign file. The files it names are those beside it; where a copy was
 * sorted anew, a file of that name counts when there is only one.
 */
export function judgeLake(
  signs: readonly LakeSign[],
  files: readonly LakeFile[],
  keys: readonly PublicKey[],
): LakeJudgement {
  const find = finderOf(files)
  const judged = signs.map((sign) => judgeOne(sign, (name) => find(sign.path, name), keys))
  return {
    results: judged.map((one) => one.result),
    findings: judged.flatMap((one) => one.findings),
    verdicts: judged.flatMap((one) => one.verdicts),
  }
}

type Judged = { result: LakeResult; findings: IntegrityFinding[]; verdicts: LakeFileJudgement[] }

function judgeOne(
  { path, content }: LakeSign,
  find: (fileName: string) => LakeFile | undefined,
  keys: readonly PublicKey[],
): Judged {
  if (!content.ok)
    return {
      result: { path, proven: false, sentence: content.message, signature: 'UNREADABLE', files: [] },
      findings: [{ code: 'LAKE_SIGN_UNREADABLE', severity: 'medium', path, detail: content.message }],
      verdicts: [],
    }
  const verdict = verifyLakeResult(content.value, (name) => find(name)?.sha256, keys)
  const files = verdict.files.map((file) => ({ ...file, path: find(file.fileName)?.path ?? null }))
  const { signature, proven } = verdict
  return {
    result: { path, proven, sentence: lakeSentence(verdict), signature, files },
    findings: findingsOf(path, verdict),
    verdicts: verdict.files.flatMap((file) => {
      const found = find(file.fileName)
      const words = wordsFor(file.verdict, signature === 'AUTHENTIC')
      return found && words ? [{ entry: found.entry, ...words, sign: path }] : []
    }),
  }
}

/** The hash of a file counts as proven by the signature alone, whatever became of the other files of the result. */
function wordsFor(
  file: LakeVerdict['files'][number]['verdict'],
  signed: boolean,
): { verdict: LogVerdict; event: EventVerdict } | undefined {
  switch (file) {
    case 'unchanged':
      return signed ? { verdict: 'LOG_PROVEN', event: 'proven' } : { verdict: 'LOG_LISTED_UNPROVEN', event: 'listed' }
    case 'altered':
      return { verdict: 'LOG_MODIFIED', event: 'modified' }
    case 'missing':
      return undefined
  }
}

function findingsOf(path: string, verdict: LakeVerdict): IntegrityFinding[] {
  const signed = verdict.signature === 'AUTHENTIC'
  const ofFiles = verdict.files.flatMap((file): IntegrityFinding[] => {
    const at = { path: besidePath(path, file.fileName), expected: file.expected }
    switch (file.verdict) {
      case 'unchanged':
        return []
      case 'altered':
        return [
          {
            code: 'LAKE_FILE_MODIFIED',
            severity: signed ? 'high' : 'medium',
            ...at,
            found: file.found ?? '',
            detail: signed
              ? 'AWS signed another content for this result of a Lake query: it was changed after it was saved, or was decompressed by a browser.'
              : 'The sign file names another content for this result of a Lake query: one of the two was changed.',
          },
        ]
      case 'missing':
        return [
          {
            code: 'LAKE_FILE_MISSING',
            severity: 'medium',
            ...at,
            detail:
              'The sign file of a Lake query names this result file, but it is not in the evidence: it was deleted, not copied, or decompressed under another name.',
          },
        ]
    }
  })
  return [...signatureFinding(path, verdict), ...ofFiles]
}

function signatureFinding(path: string, verdict: LakeVerdict): IntegrityFinding[] {
  const detail = lakeSentence(verdict)
  switch (verdict.signature) {
    case 'AUTHENTIC':
      return []
    case 'SIGNATURE_INVALID':
      return [{ code: 'LAKE_SIGNATURE_INVALID', severity: 'high', path, detail }]
    case 'UNVERIFIED_NO_KEY':
    case 'KEY_UNLOADABLE':
    case 'UNSUPPORTED_ALGORITHM':
      return [{ code: 'LAKE_UNVERIFIED', severity: 'info', path, detail }]
  }
}

const nameOf = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
const besidePath = (path: string, fileName: string): string =>
  path.slice(0, path.length - nameOf(path).length) + nameOf(fileName)

function finderOf(files: readonly LakeFile[]): (signPath: string, fileName: string) => LakeFile | undefined {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const byName = new Map<string, LakeFile | null>()
  for (const file of files) byName.set(nameOf(file.path), byName.has(nameOf(file.path)) ? null : file)
  return (signPath, fileName) => byPath.get(besidePath(signPath, fileName)) ?? byName.get(nameOf(fileName)) ?? undefined
}
