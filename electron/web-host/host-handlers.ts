import { basename } from 'node:path'
import type { HandlersOf, HostOperationName } from '#shared/contract/contract.ts'
import { visible } from '#shared/base/visible.ts'
import { Refusal } from '#engine/refusal.ts'
import { acquisitionHandlers, type Acquisitions } from './acquisitions.ts'
import type { Grants, Purpose } from './grants.ts'
import type { RecentCases } from './recent-cases.ts'
import type { Roots } from './roots.ts'

export type HostFacts = {
  readonly version: string
  readonly commit: string
  /** The case to open at once, if one was named at start. */
  readonly startCase: string | null
  /** The package to look at, if one was named at start. */
  readonly startPackage: string | null
  readonly examiner: string | null
}

/** What the browser host answers by itself: which host this is, the folder picker, recent cases. */
export function hostHandlers(
  facts: HostFacts,
  grants: Grants,
  roots: Roots,
  recent: RecentCases,
  acquisitions?: Acquisitions,
): HandlersOf<HostOperationName, AbortSignal> {
  const granted = (path: string, purpose: Purpose) => ({
    grant: grants.give(path, purpose),
    label: visible(basename(path)),
  })
  return {
    ...acquisitionHandlers(acquisitions, grants),
    'host.describe': () =>
      Promise.resolve({
        kind: 'browser' as const,
        version: facts.version,
        commit: facts.commit,
        nativeDialogs: false,
        roots: roots.list.map(({ id, label }) => ({ id, label })),
        startCase: facts.startCase === null ? null : granted(facts.startCase, 'open-case'),
        startPackage: facts.startPackage === null ? null : granted(facts.startPackage, 'open-package'),
        examiner: facts.examiner,
      }),
    'host.pick': () =>
      Promise.reject(
        new Refusal('bad-input', 'A browser has no dialog that names paths. Choose in the list of folders instead.'),
      ),
    'host.browse': ({ root, path }) => roots.browse(root, path),
    'host.grant': async ({ root, path, purpose }) => {
      const isNew = purpose === 'new-case' || purpose === 'save'
      return granted(await (isNew ? roots.place(root, path) : roots.find(root, path)), purpose)
    },
    'host.recent': async () => ({
      cases: (await recent.list()).map((one) => ({ ...one, grant: grants.give(one.path, 'open-case') })),
    }),
  }
}
