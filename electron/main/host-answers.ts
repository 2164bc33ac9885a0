import { basename } from 'node:path'
import { visible } from '#shared/base/visible.ts'
import type {
  EngineOperationName,
  Failure,
  FailureCode,
  HandlersOf,
  HostOperationName,
  Reply,
} from '#shared/contract/contract.ts'
import type { Grant } from '#shared/contract/common.ts'
import { hostOperations } from '#shared/contract/host.ts'
import { Refusal } from '#engine/refusal.ts'
import { acquisitionHandlers, type Acquisitions } from '#electron/web-host/acquisitions.ts'
import type { Grants, Purpose } from '#electron/web-host/grants.ts'
import type { RecentCases } from '#electron/web-host/recent-cases.ts'

export type HostParts = {
  readonly version: string
  readonly commit: string
  readonly startCase: string | undefined
  readonly startPackage: string | undefined
  readonly examiner: string | undefined
  readonly grants: Grants
  readonly recent: RecentCases
  readonly acquisitions?: Acquisitions
  readonly choose: (purpose: Purpose, suggestedName: string | undefined) => Promise<readonly string[]>
}

/** A right to a path, and its last name for people to read. */
export const granted = (grants: Grants, path: string, purpose: Purpose): { grant: Grant; label: string } => ({
  grant: grants.give(path, purpose),
  label: visible(basename(path)),
})

/** What main answers: who it is, the system's dialogs, recent cases. Paths stay here; what goes out are grants. */
function hostHandlers(parts: HostParts): HandlersOf<HostOperationName, AbortSignal> {
  const { grants, recent } = parts
  const noFolders = (): Promise<never> =>
    Promise.reject(new Refusal('bad-input', 'The desktop chooses files in the system dialog (host.pick).'))
  return {
    ...acquisitionHandlers(parts.acquisitions, grants),
    'host.describe': () =>
      Promise.resolve({
        kind: 'desktop' as const,
        version: parts.version,
        commit: parts.commit,
        nativeDialogs: true,
        roots: [],
        startCase: parts.startCase === undefined ? null : granted(grants, parts.startCase, 'open-case'),
        startPackage: parts.startPackage === undefined ? null : granted(grants, parts.startPackage, 'open-package'),
        examiner: parts.examiner ?? null,
      }),
    'host.pick': async ({ purpose, suggestedName }) => ({
      grants: (await parts.choose(purpose, suggestedName)).map((path) => granted(grants, path, purpose)),
    }),
    'host.browse': noFolders,
    'host.grant': noFolders,
    'host.recent': async () => ({
      cases: (await recent.list()).map((one) => ({ ...one, grant: grants.give(one.path, 'open-case') })),
    }),
  }
}

const failure = (code: FailureCode, message: string): Failure => ({ ok: false, code, message })

/**
 * Answers a `host.*` operation. The engine's process has checked it against the contract; it is checked again here, because
 * that process reads hostile evidence.
 */
export function hostAnswers(
  parts: HostParts,
  log: (error: unknown) => void,
): (name: string, input: unknown) => Promise<Reply<unknown>> {
  const handlers = hostHandlers(parts) as unknown as Readonly<Record<string, (input: unknown) => Promise<unknown>>>
  return async (name, input) => {
    const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined
    if (!handler) return failure('unknown-operation', 'This host does not answer that.')
    const parsed = hostOperations[name as HostOperationName].input.safeParse(input)
    if (!parsed.success) return failure('bad-input', `${name}: the input does not fit.`)
    try {
      return { ok: true, value: await handler(parsed.data) }
    } catch (error) {
      if (error instanceof Refusal) return failure(error.code, error.message)
      log(error)
      return failure(
        'internal',
        'Something went wrong in the program around the engine. The case is safe. Please try again.',
      )
    }
  }
}

/** The paths behind grants, which are spent by it: for what they were given for, and once. */
export function spendGrants(
  grants: Grants,
  operation: EngineOperationName,
  asked: readonly string[],
): Reply<readonly string[]> {
  if (!grants.fit(operation, asked))
    return failure('denied', 'This choice of a file was made for something else. Choose it again.')
  try {
    return { ok: true, value: asked.map((grant) => grants.spend(grant as Grant)) }
  } catch (error) {
    if (error instanceof Refusal) return failure(error.code, error.message)
    throw error
  }
}
