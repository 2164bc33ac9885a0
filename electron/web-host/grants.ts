import { randomBytes } from 'node:crypto'
import type { Grant } from '#shared/contract/common.ts'
import type { AskOf, EngineOperationName } from '#shared/contract/contract.ts'
import { Refusal } from '#engine/refusal.ts'

/** What a path may be used for. */
export type Purpose = AskOf<'host.grant'>['purpose']

/** Which operation may spend a grant of which purpose; of several, those for `grant` and for `target`. */
export const grantUses: Readonly<Partial<Record<EngineOperationName, Purpose | readonly [Purpose, Purpose]>>> = {
  'cases.create': 'new-case',
  'cases.open': 'open-case',
  'sources.import': 'evidence',
  'acquire.import': 'evidence',
  'integrity.addProofs': 'evidence',
  'proof.save': 'save',
  'events.export': 'save',
  'sql.export': 'save',
  'report.make': 'save',
  'validation.save': 'save',
  'annotations.importPreview': 'annotations',
  'annotations.import': 'annotations',
  'packages.keygen': 'save',
  'packages.pack': 'save',
  'packages.transferForm': 'save',
  'packages.inspect': 'open-package',
  'packages.unpack': ['open-package', 'new-case'],
  'packages.mergePreview': 'open-package',
  'packages.merge': 'open-package',
}

/** More unspent grants than any window needs: the oldest are forgotten beyond it. */
const MOST = 10_000

/** The rights to paths that a host has given out and nobody has spent yet. */
export class Grants {
  readonly #given = new Map<string, { readonly path: string; readonly purpose: Purpose }>()

  /** A new right to `path`: random, for this purpose, for one use. */
  give(path: string, purpose: Purpose): Grant {
    const grant = randomBytes(24).toString('base64url') as Grant
    this.#given.set(grant, { path, purpose })
    for (const oldest of this.#given.keys()) {
      if (this.#given.size <= MOST) break
      this.#given.delete(oldest)
    }
    return grant
  }

  /**
   * The path, once. A package and a file of annotations are kept: they are looked at first, then imported, and they are only ever read.
   * @throws Refusal `not-found` for a grant that was never given or is spent
   */
  spend(grant: Grant): string {
    const given = this.#given.get(grant)
    if (!given)
      throw new Refusal('not-found', 'This choice of a file was used already or has expired. Choose it again.')
    if (given.purpose !== 'open-package' && given.purpose !== 'annotations') this.#given.delete(grant)
    return given.path
  }

  /** The path, once, if it was given for one of these purposes. @throws Refusal `not-found`, `bad-input` */
  spendFor(grant: Grant, purposes: readonly Purpose[]): string {
    const given = this.#given.get(grant)
    if (given && !purposes.includes(given.purpose))
      throw new Refusal('bad-input', 'This choice of a file was made for something else. Choose it again.')
    return this.spend(grant)
  }

  /** Whether each of the grants (as `grantsIn` orders them) was given for what the operation does. Unknown grants pass: spending refuses them. */
  fit(operation: EngineOperationName, grants: readonly string[]): boolean {
    const uses = grantUses[operation]
    return grants.every((grant, n) => {
      const given = this.#given.get(grant)
      return given === undefined || given.purpose === (Array.isArray(uses) ? (uses as readonly Purpose[])[n] : uses)
    })
  }
}

/** The grants in the input of an operation, wherever the contract puts them: `grant`, `grants`, then `target`. */
export function grantsIn(input: unknown): string[] {
  if (typeof input !== 'object' || input === null) return []
  const { grant, grants, target } = input as { grant?: unknown; grants?: unknown; target?: unknown }
  return [grant, ...(Array.isArray(grants) ? (grants as unknown[]) : []), target].filter((g) => typeof g === 'string')
}
