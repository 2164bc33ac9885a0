import { basename } from 'node:path'
import { visible } from '#shared/base/visible.ts'
import type { AcquireCredentials, AcquireWish, AcquisitionState } from '#shared/contract/acquire.ts'
import type { HandlersOf } from '#shared/contract/contract.ts'
import type { AcquireActor } from '#engine/acquire/protocol.ts'
import { Refusal } from '#engine/refusal.ts'
import { runAcquireProcess, type AcquireProcess } from './acquire-process.ts'
import type { Grants } from './grants.ts'

export type AcquisitionParts = {
  readonly fork: () => AcquireProcess
  readonly tool: AcquireActor['tool']
  readonly grants: Grants
  /** Bugs, with their stack. */
  readonly log: (text: string) => void
  /** Asks the person, outside the window, whether this machine may be left; where that is left out, they said so at the start. */
  readonly agrees?: (where: string) => Promise<boolean>
}

type Wanted = {
  readonly wish: AcquireWish
  readonly credentials: AcquireCredentials
  readonly examiner: string | null
  /** Nothing for a plan. */
  readonly folder: string | null
}

const nothing: AcquisitionState = {
  state: 'none',
  progress: null,
  plan: null,
  result: null,
  failure: null,
  folder: null,
}

/** The acquisitions that a window asks its host for: one at a time, each in a process of its own. Keys are not kept here. */
export class Acquisitions {
  readonly #parts: AcquisitionParts
  #state = nothing
  #stop = new AbortController()
  #child: AcquireProcess | undefined
  /** Places that the person has agreed to, so that a plan and its run ask once. */
  readonly #agreed = new Set<string>()
  #isAsking = false

  constructor(parts: AcquisitionParts) {
    this.#parts = parts
  }

  get state(): AcquisitionState {
    return this.#state
  }

  /** @throws Refusal `locked` when one is under way, `cancelled` when the person does not agree */
  async start(wanted: Wanted): Promise<void> {
    if (this.#child || this.#isAsking)
      throw new Refusal('locked', 'An acquisition is under way already. Wait for it, or stop it.')
    this.#isAsking = true
    try {
      await this.#askPerson(wanted.wish)
    } finally {
      this.#isAsking = false
    }
    this.#stop = new AbortController()
    this.#state = { ...nothing, state: 'running' }
    const child = this.#parts.fork()
    this.#child = child
    void this.#run(child, wanted)
  }

  async #askPerson({ bucket, endpoint }: AcquireWish): Promise<void> {
    const { agrees } = this.#parts
    const where = `${visible(bucket)} at ${endpoint === null ? 'AWS' : visible(endpoint)}`
    if (!agrees || this.#agreed.has(where)) return
    if (!(await agrees(where))) throw new Refusal('cancelled', 'Nothing was asked: you did not agree to it.')
    this.#agreed.add(where)
  }

  async #run(child: AcquireProcess, { wish, credentials, examiner, folder }: Wanted): Promise<void> {
    const { tool, grants, log } = this.#parts
    const reply = await runAcquireProcess(
      child,
      { wish, credentials, actor: { examiner, tool }, folder },
      {
        progress: (progress) => (this.#state = { ...this.#state, progress }),
        planned: (plan) => (this.#state = { ...this.#state, plan }),
        log,
      },
      this.#stop.signal,
    )
    this.#child = undefined
    if (!reply.ok)
      this.#state = { ...this.#state, state: 'failed', failure: { code: reply.code, message: reply.message } }
    else if (reply.value === null || folder === null) this.#state = { ...this.#state, state: 'planned' }
    else
      this.#state = {
        ...this.#state,
        state: 'done',
        result: reply.value,
        folder: { grant: grants.give(folder, 'evidence'), label: visible(basename(folder)) },
      }
  }

  stop(): void {
    if (!this.#child) return
    this.#state = { ...this.#state, state: 'stopping' }
    this.#stop.abort()
  }

  /** Ends what is under way at once; what was fetched is noted in its folder. */
  close(): void {
    this.#child?.kill()
  }
}

type Names = 'host.acquire' | 'host.acquisition' | 'host.stopAcquiring'

const NOT_ALLOWED =
  'This window may not use a network. Start it with: trailcase serve --acquire, or acquire on the command line: trailcase acquire'

/** The operations of the contract, where a person allowed them. */
export function acquisitionHandlers(
  acquisitions: Acquisitions | undefined,
  grants: Grants,
): Pick<HandlersOf<Names, AbortSignal>, Names> {
  const allowed = (): Acquisitions => {
    if (!acquisitions) throw new Refusal('bad-input', NOT_ALLOWED)
    return acquisitions
  }
  return {
    'host.acquire': async ({ target, ...wanted }) => {
      const start = allowed()
      await start.start({ ...wanted, folder: target === null ? null : grants.spendFor(target, ['save', 'evidence']) })
      return {}
    },
    'host.acquisition': () => Promise.resolve(acquisitions?.state ?? nothing),
    'host.stopAcquiring': () => {
      acquisitions?.stop()
      return Promise.resolve({})
    },
  }
}
