import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evidence, writeFiles } from '../fixtures/evidence.ts'
import { axeFindings, chromiumPath, launchChromium, type WatchedPage } from './browser.ts'
import { isBuilt, newFolder, runTrailcase, startHost, type RunningHost } from './host.ts'

/** Six hours with three events each; one file was altered, one is missing; a digest is taken out by the test. */
const story = [
  ...Array.from({ length: 18 }, (_, n) => {
    const hour = String(6 + Math.floor(n / 3)).padStart(2, '0')
    return `${hour}:${['05', '25', '45'][n % 3]!} alice  DescribeInstances${n === 4 ? ' !altered' : n === 8 ? ' !missing' : ''}`
  }),
  '07:10 bob ListBuckets region=eu-west-1',
].join('\n')

const integrity = '#/evidence?about=integrity'

describe.skipIf(chromiumPath === undefined || !isBuilt)('what the digests prove', () => {
  let browser: Browser
  const hosts: RunningHost[] = []
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser.close()
    for (const host of hosts) await host.close()
  })

  /** A case of the evidence, opened at the integrity view. */
  async function openCase(
    files: ReturnType<typeof evidence>['files'],
    beside: ReturnType<typeof evidence>['files'] = [],
    forAxe = false,
  ): Promise<WatchedPage & { readonly host: RunningHost }> {
    const folder = newFolder()
    mkdirSync(join(folder, 'root'), { recursive: true })
    writeFiles(join(folder, 'evidence'), files)
    writeFiles(join(folder, 'root'), beside)
    const path = join(folder, 'case.trailcase')
    const made = await runTrailcase(folder, 'import', path, join(folder, 'evidence'), '--examiner', 'A. Rossi')
    expect([0, 1]).toContain(made.code)
    const host = await startHost({ folder, case: path, examiner: 'A. Rossi' })
    hosts.push(host)
    const watched = await host.open(browser, { forAxe })
    await watched.page.getByRole('contentinfo').getByText('A. Rossi').waitFor()
    await watched.page.evaluate((to) => (location.hash = to), integrity)
    watched.page.setDefaultTimeout(10_000)
    await watched.page.getByRole('heading', { name: 'Coverage' }).waitFor()
    return { ...watched, host }
  }

  const heading = (page: Page) => page.getByRole('heading', { level: 1 })
  const tip = (page: Page) => page.getByRole('application').first().getByRole('status')
  const found = (page: Page) => page.getByRole('status', { name: 'Events found' })
  const tab = (page: Page, name: RegExp) => page.getByRole('tab', { name })

  describe('in damaged evidence', () => {
    let page: Page
    let complaints: readonly string[]
    let host: RunningHost
    beforeAll(async () => {
      const all = evidence(story)
      const lost = all.digestPaths.find((path) => path.includes('/us-east-1/') && path.includes('T110000Z'))
      expect(lost).toBeDefined()
      const opened = await openCase(all.files.filter(({ path }) => path !== lost))
      ;({ page, complaints, host } = opened)
    })

    it('says in one sentence how much is proven and what is not', async () => {
      await expect
        .poll(() => heading(page).innerText())
        .toMatch(/log files? (is|are) proven; .*1 was altered, 1 is missing/)
      await page.getByText('is not proof of silence').first().waitFor()
    })

    it('walks the map from gap to gap by key, and tells hour, state and name of each', async () => {
      await page.keyboard.press('n')
      await expect.poll(() => tip(page).innerText()).toMatch(/2024-05-01 07:00:00Z.*\n.*us-east-1\naltered/)
      await page.keyboard.press('n')
      await expect.poll(() => tip(page).innerText()).toContain('1 more missing')
      await page.keyboard.press('n')
      await expect.poll(() => tip(page).innerText()).toContain('Digest missing')
      await page.keyboard.press('p')
      await expect.poll(() => tip(page).innerText()).toContain('1 more missing')
    })

    it('zooms from hours to minutes and back', async () => {
      await page.getByText('by hour').waitFor()
      await page.keyboard.press('z')
      await page.keyboard.press('z')
      await page.getByText('by minute').waitFor()
      await page.keyboard.press('0')
      await page.getByText('by hour').waitFor()
    })

    it('opens the events of the hour that the map stands on', async () => {
      await page.keyboard.press('p')
      await expect.poll(() => tip(page).innerText()).toContain('altered')
      await page.keyboard.press('Enter')
      await expect.poll(() => found(page).innerText()).toMatch(/^3 of \d+ events$/)
      await page.keyboard.press('[')
      await heading(page).waitFor()
    })

    it('gives the same map as a table', async () => {
      await page.getByRole('button', { name: 'Show as table' }).click()
      const table = page.getByRole('grid', { name: 'Coverage as a table' })
      await table.getByText('altered', { exact: true }).waitFor()
      await table.getByText('Digest missing').waitFor()
      await table.getByText('eu-west-1').first().waitFor()
      await page.getByRole('button', { name: 'Show as table' }).click()
      await page.getByRole('application').first().waitFor()
    })

    it('lists findings most severe first, narrows them, and leads to the events of the file', async () => {
      const grid = page.getByRole('grid', { name: 'Findings' })
      const rows = grid.getByRole('row')
      await expect.poll(() => rows.nth(1).innerText()).toMatch(/high\s+Altered/)
      const severity = page.getByRole('group', { name: 'Severity' })
      await severity.getByRole('button', { name: /^medium/ }).click()
      await expect.poll(() => grid.innerText()).not.toContain('Altered')
      await severity.getByRole('button', { name: /^All/ }).click()
      await rows.nth(1).getByText('Altered').click()
      const details = page.getByRole('region', { name: 'Finding' })
      await details.getByText('Expected', { exact: true }).waitFor()
      await details.getByRole('button', { name: /^Show its 1 event/ }).click()
      await expect.poll(() => found(page).innerText()).toMatch(/^1 of \d+ events$/)
      await page.keyboard.press('[')
      await heading(page).waitFor()
    })

    it('refuses a proof card of the altered file and says why', async () => {
      await page.getByRole('grid', { name: 'Findings' }).getByText('Altered').click()
      await page.getByRole('region', { name: 'Finding' }).getByRole('button', { name: 'Proof card' }).click()
      const card = page.getByRole('dialog', { name: 'Proof card of a file' })
      await card.getByText('not proven', { exact: true }).waitFor()
      expect(await card.getByRole('button', { name: 'Save as PDF' }).count()).toBe(0)
      await page.keyboard.press('Escape')
      await card.waitFor({ state: 'hidden' })
    })

    it('shows the proof of an event from the record to the key, and saves it as JSON and as PDF', async () => {
      await page.evaluate(() => (location.hash = '#/evidence?about=integrity:event:1'))
      const card = page.getByRole('dialog', { name: 'Proof card of an event' })
      for (const step of ['The record', 'lies in the log file', 'which AWS signed', 'with this key'])
        await card.getByRole('heading', { name: step }).waitFor()
      await card.getByText('openssl').first().waitFor()
      await card.getByRole('button', { name: 'Save as JSON' }).click()
      await page.getByRole('button', { name: 'Save here' }).click()
      await page.getByText('proof-event-1.json is written').waitFor()
      const saved: unknown = JSON.parse(readFileSync(join(host.folder, 'root/proof-event-1.json'), 'utf8'))
      expect(saved).toMatchObject({ format: 'trailcase-proof-card', version: 1 })
      await card.getByRole('button', { name: 'Save as PDF' }).click()
      await page.getByRole('button', { name: 'Save here' }).click()
      await page.getByText('proof-event-1.pdf is written').waitFor()
      expect(readFileSync(join(host.folder, 'root/proof-event-1.pdf'), 'latin1').slice(0, 5)).toBe('%PDF-')
      await page.keyboard.press('Escape')
      await card.waitFor({ state: 'hidden' })
    })

    it('names the gaps of the chains, and what the proof rests on', async () => {
      await tab(page, /^Chains/).click()
      await page.getByRole('list', { name: 'Gaps' }).getByText('Digest missing').waitFor()
      await tab(page, /^Keys/).click()
      await page.getByText('The public keys of CloudTrail carry no certificate').waitFor()
      await page
        .getByRole('list', { name: 'Public keys' })
        .getByText(/added .* by A\. Rossi/)
        .first()
        .waitFor()
      await tab(page, /^Acquire$/).click()
      await page.getByRole('button', { name: 'Copy the commands' }).click()
      await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain("B='evidence-bucket'")
      expect(complaints).toEqual([])
    })
  })

  it('judges anew when keys come later, without the log files being read again', async () => {
    const clean = evidence('09:00 alice ListBuckets\n11:00 alice ListBuckets')
    const isKey = (path: string) => !path.includes('AWSLogs/') && /key/.test(path)
    const keys = clean.files.filter(({ path }) => isKey(path))
    expect(keys.length).toBeGreaterThan(0)
    const { page, complaints } = await openCase(
      clean.files.filter(({ path }) => !isKey(path)),
      keys.map(({ bytes }, n) => ({ path: `keys-${n}.json`, bytes })),
      true,
    )
    await expect.poll(() => heading(page).innerText()).toMatch(/listed|not proven/)
    await tab(page, /^Keys/).click()
    await page.getByText('No public key was supplied').waitFor()
    expect(await axeFindings(page)).toEqual([])

    await page.keyboard.press('a')
    await page.getByRole('row', { name: 'keys-0.json' }).click()
    await page.getByRole('button', { name: 'Use 1 choice' }).click()
    await expect
      .poll(() => heading(page).innerText(), { timeout: 20_000 })
      .toMatch(/^(All )?2 (of 2 )?log files are proven/)
    await page.getByText('Added 1 file with keys').waitFor()
    await page.emulateMedia({ colorScheme: 'dark' })
    await tab(page, /^Findings/).click()
    expect(await axeFindings(page)).toEqual([])
    await page.evaluate(() => (location.hash = '#/evidence?about=integrity:event:1'))
    await page.getByRole('heading', { name: 'with this key' }).waitFor()
    expect(await axeFindings(page)).toEqual([])
    expect(complaints).toEqual([])
  })
})
