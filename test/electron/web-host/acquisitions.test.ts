import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { forkAcquireHost } from '#electron/web-host/acquire-process.ts'
import { acquisitionHandlers, Acquisitions } from '#electron/web-host/acquisitions.ts'
import { Grants } from '#electron/web-host/grants.ts'
import { acquireWish } from '#shared/contract/acquire.ts'
import { root } from '#test/architecture/cruise.ts'
import { signedTree } from '#test/fixtures/digest-chain.ts'
import { TestS3, testKeys } from '#test/fixtures/test-s3.ts'

const tree = signedTree({ bucket: 'evidence-bucket', hours: [1, 1] })
const folder = mkdtempSync(join(tmpdir(), 'trailcase-acquisitions-'))
const call = { signal: new AbortController().signal, progress: () => undefined }
let store: TestS3
beforeAll(async () => {
  store = await TestS3.start()
  await store.put(tree.files)
})
afterAll(async () => {
  await store.stop()
  rmSync(folder, { recursive: true, force: true })
})

function acquisitions(answer: boolean) {
  const grants = new Grants()
  const questions: string[] = []
  let started = 0
  const held = new Acquisitions({
    fork: () => {
      started++
      return forkAcquireHost(join(root, 'dist/node'))
    },
    tool: { name: 'Trailcase', version: '0', commit: 'test' },
    grants,
    log: (text) => {
      throw new Error(text)
    },
    agrees: (where) => {
      questions.push(where)
      return Promise.resolve(answer)
    },
  })
  const handlers = acquisitionHandlers(held, grants)
  const ask = (target: string | null, prefix = '') =>
    handlers['host.acquire'](
      {
        wish: acquireWish.parse({ bucket: store.bucket, endpoint: store.endpoint, prefix }),
        credentials: { kind: 'keys', ...testKeys },
        examiner: 'A. Rossi',
        target: target === null ? null : grants.give(target, 'save'),
      },
      call,
    )
  const settled = async () => {
    for (;;) {
      const now = await handlers['host.acquisition']({}, call)
      if (!['running', 'stopping'].includes(now.state)) return now
      await new Promise((done) => setTimeout(done, 20))
    }
  }
  return { grants, questions, handlers, ask, settled, started: () => started }
}

describe.skipIf(!existsSync(join(root, 'dist/node/acquire-host.cjs')))('acquisitions of a window', () => {
  it('asks the person once for each place, and starts nothing when they do not agree', async () => {
    const refused = acquisitions(false)
    await expect(refused.ask(null)).rejects.toMatchObject({ code: 'cancelled' })
    expect(refused.started()).toBe(0)
    expect(store.requests).toEqual([])

    const agreed = acquisitions(true)
    await agreed.ask(null)
    expect(await agreed.settled()).toMatchObject({ state: 'planned', plan: { objects: tree.files.size }, folder: null })
    await agreed.ask(join(folder, 'a'))
    await expect(agreed.ask(null)).rejects.toMatchObject({ code: 'locked' })
    const done = await agreed.settled()
    expect(done).toMatchObject({
      state: 'done',
      result: { fetched: { objects: tree.files.size } },
      folder: { label: 'a' },
    })
    expect(agreed.questions).toEqual([`evidence-bucket at ${store.endpoint}`])
    // The folder may be imported, and is named to the window by a grant only.
    expect(agreed.grants.fit('acquire.import', [done.folder!.grant])).toBe(true)
    expect(JSON.stringify(done)).not.toContain(folder)
    expect(JSON.stringify(done)).not.toContain('secret')
  })

  it('tells what went wrong in words', async () => {
    const one = acquisitions(true)
    store.faults.push(() => ({ kind: 'error', status: 403, code: 'InvalidAccessKeyId' }))
    await one.ask(null)
    expect(await one.settled()).toMatchObject({ state: 'failed', failure: { code: 'denied' } })
    store.calm()
  })

  it('takes no place that was chosen for something else', async () => {
    const one = acquisitions(true)
    const grant = one.grants.give(join(folder, 'case.trailcase'), 'open-case')
    const wish = acquireWish.parse({ bucket: store.bucket, endpoint: store.endpoint })
    await expect(
      one.handlers['host.acquire'](
        { wish, credentials: { kind: 'keys', ...testKeys }, examiner: null, target: grant },
        call,
      ),
    ).rejects.toMatchObject({ code: 'bad-input' })
    expect(one.started()).toBe(0)
  })

  it('does nothing where no person allowed it', async () => {
    const handlers = acquisitionHandlers(undefined, new Grants())
    expect(await handlers['host.acquisition']({}, call)).toMatchObject({ state: 'none' })
    await expect(
      handlers['host.acquire'](
        {
          wish: acquireWish.parse({ bucket: 'b' }),
          credentials: { kind: 'profile', name: 'p' },
          examiner: null,
          target: null,
        },
        call,
      ),
    ).rejects.toMatchObject({ code: 'bad-input' })
  })
})
