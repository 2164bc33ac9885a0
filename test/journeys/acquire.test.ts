import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { merged, signedTree } from '../fixtures/digest-chain.ts'
import { TestS3, testKeys } from '../fixtures/test-s3.ts'
import { axeFindings, chromiumPath, launchChromium } from './browser.ts'
import { isBuilt, newFolder, runTrailcase, startHost, type RunningHost } from './host.ts'

const tree = merged(
  signedTree({ bucket: 'evidence-bucket', hours: [2, 1, 0, 1] }),
  signedTree({ bucket: 'evidence-bucket', hours: [1, 1], account: '210987654321', region: 'eu-west-1', unique: 'EU' }),
)
const [archived] = tree.logs as [string]

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name })
const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true })

describe.skipIf(chromiumPath === undefined || !isBuilt)('acquiring from S3 in the window', () => {
  let browser: Browser
  let store: TestS3
  const hosts: RunningHost[] = []
  beforeAll(async () => {
    browser = await launchChromium()
    store = await TestS3.start()
    await store.put(tree.files, new Map(tree.heads.map((head) => [head.Key, head.Metadata])))
  })
  afterEach(() => store.calm())
  afterAll(async () => {
    await browser.close()
    for (const host of hosts) await host.close()
    await store.stop()
  })

  async function atAcquire(acquires: boolean) {
    const folder = newFolder()
    const path = join(folder, 'root/case.trailcase')
    await runTrailcase(folder, 'new', path, '--title', 'Case', '--number', 'N-1', '--examiner', 'A. Rossi')
    const host = await startHost({ folder, case: path, examiner: 'A. Rossi', acquires })
    hosts.push(host)
    const watched = await host.open(browser, { forAxe: true })
    const { page } = watched
    await page.getByRole('status', { name: 'Events found' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('v')
    await page.getByRole('tab', { name: 'Acquire from S3' }).click()
    await field(page, 'Address').fill(`s3://${store.bucket}`)
    await field(page, 'Endpoint, if it is not AWS').fill(store.endpoint)
    await button(page, 'Typed here').click()
    await field(page, 'Access key id').fill(testKeys.accessKeyId)
    await page.getByLabel('Secret access key').fill(testKeys.secretAccessKey)
    return { ...watched, folder }
  }

  it('plans first, fetches, names what was not to be had, and imports with every signature', async () => {
    store.fault(archived, { kind: 'error', status: 403, code: 'InvalidObjectState' })
    const { page, complaints, folder } = await atAcquire(true)
    expect(store.requests).toEqual([])
    await page.getByText('Nothing is planned yet').waitFor()
    await button(page, 'Plan').click()
    const plan = page.getByRole('region', { name: 'Plan', exact: true })
    await plan.getByRole('heading', { name: `${tree.files.size} objects` }).waitFor()
    await plan.getByText('210987654321').first().waitFor()
    await plan.getByText(/to get: about \$/).waitFor()
    expect(store.requests.filter(({ key }) => key !== '')).toEqual([])
    expect(await axeFindings(page)).toEqual([])

    await button(page, 'Fetch into a new folder').click()
    await page.getByRole('dialog').waitFor()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^(Save|Use)/ })
      .click()
    const outcome = page.getByRole('region', { name: 'Outcome' })
    await outcome.getByText(`Done: ${tree.files.size - 1} of ${tree.files.size} objects`).waitFor({ timeout: 60_000 })
    await outcome.getByText('Archived; restore it first').waitFor()
    expect(await axeFindings(page)).toEqual([])
    const made = join(folder, 'root', `acquired-${store.bucket}`)
    const manifest = readFileSync(join(made, 'acquisition/manifest.json'), 'utf8')
    expect(JSON.parse(manifest)).toMatchObject({ examiner: 'A. Rossi', ending: 'complete', notFetched: 1 })
    expect(existsSync(join(made, store.bucket, archived))).toBe(false)

    await button(page, 'Import into this case').click()
    await page.getByText('The case holds every byte that was fetched.').waitFor({ timeout: 60_000 })
    await page.getByRole('status', { name: 'Events found' }).filter({ hasText: 'of 5 events' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('c')
    await page.getByRole('grid').getByText('acquire.import').first().waitFor()
    await page.getByRole('grid').getByText('11 objects fetched by A. Rossi').first().waitFor()
    expect(complaints).toEqual([])
  })

  it('asks nothing where the person did not allow it, and says how to', async () => {
    const { page } = await atAcquire(false)
    await button(page, 'Plan').click()
    await page.getByRole('alert').getByText('trailcase serve --acquire').waitFor()
    expect(store.requests).toEqual([])
  })
})
