import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evidence } from '../fixtures/evidence.ts'
import { axeFindings, chromiumPath, launchChromium } from './browser.ts'
import { isBuilt, newFolder, runTrailcase, startHost, type RunningHost } from './host.ts'

describe.skipIf(chromiumPath === undefined || !isBuilt)('the custody log', () => {
  let browser: Browser
  let host: RunningHost
  let page: Page
  let complaints: readonly string[]
  let head = { entries: 0, hash: '' }
  beforeAll(async () => {
    const folder = newFolder()
    const path = join(folder, 'case.trailcase')
    evidence('09:00 alice ListBuckets\n09:10 bob StopLogging').writeTo(join(folder, 'evidence'))
    await runTrailcase(folder, 'new', path, '--title', 'Leaked key', '--number', 'ACME-1', '--examiner', 'B. Weber')
    await runTrailcase(folder, 'import', path, join(folder, 'evidence'), '--examiner', 'A. Rossi')
    await runTrailcase(folder, 'tag', path, 'suspicious', '--query', 'StopLogging', '--examiner', 'A. Rossi')
    host = await startHost({ folder, case: path, examiner: 'A. Rossi' })
    browser = await launchChromium()
    ;({ page, complaints } = await host.open(browser, { forAxe: true }))
    await page.getByRole('contentinfo').getByText('A. Rossi').waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('c')
    await page.getByRole('heading', { name: 'Custody log' }).waitFor()
  })
  afterAll(async () => {
    await browser.close()
    await host.close()
  })

  const grid = () => page.getByRole('grid', { name: 'Custody log' })
  const rows = () => grid().getByRole('row')
  const choose = async (label: string, option: string): Promise<void> => {
    await page
      .getByRole('toolbar', { name: 'Which entries' })
      .getByRole('button', { name: new RegExp(label) })
      .click()
    await page.getByRole('option', { name: option }).click()
  }

  it('lists who did what, newest first, and says how long the log is', async () => {
    await expect.poll(() => rows().nth(1).innerText()).toContain('session.open')
    const copied = async () => {
      await page.getByRole('button', { name: 'Copy entries and head' }).click()
      return page.evaluate(() => navigator.clipboard.readText())
    }
    await expect.poll(copied).toMatch(/^\d+ [0-9a-f]{64}$/)
    const [entries = '', hash = ''] = (await copied()).split(' ')
    head = { entries: Number(entries), hash }
    await page.getByText(`${entries} of ${entries} entries`).waitFor()
    await page.keyboard.press('o')
    await expect.poll(() => rows().nth(1).innerText()).toContain('case.create')
  })

  it('narrows by action, examiner and text, and says of how many', async () => {
    await choose('Examiner', 'B. Weber')
    await expect.poll(() => grid().innerText()).not.toContain('A. Rossi')
    await choose('Examiner', 'everybody')
    await choose('Action', 'import.start')
    await page.getByText(`1 of ${head.entries} entries`).waitFor()
    await choose('Action', 'every action')
    await page.getByRole('searchbox', { name: 'Part of what was noted' }).fill('no such words')
    await page.getByText('No entry is like that').waitFor()
    await page.getByRole('button', { name: 'List all entries' }).click()
    await page.getByText(`${head.entries} of ${head.entries} entries`).waitFor()
  })

  it('shows what was before and what is after', async () => {
    await grid().getByText('case.create').click()
    const entry = page.getByRole('region', { name: 'Entry' })
    await entry.getByRole('heading', { name: 'case.create' }).waitFor()
    const title = entry.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'title' }) })
    await expect.poll(() => title.innerText()).toContain('Leaked key')
    expect(await entry.getByRole('columnheader').allInnerTexts()).toEqual(['Field', 'Before', 'After'])
  })

  it('verifies the chain and says the result in words', async () => {
    await page.keyboard.press('v')
    const result = page.getByRole('status', { name: 'Result of the check' })
    await result.getByText('unbroken').waitFor({ timeout: 30_000 })
    expect(await result.innerText()).toMatch(/All \d+ entries follow each other without a break\./)
  })

  it('compares the log with a head that was noted, and with one that is not its own', async () => {
    await page.keyboard.press('c')
    const dialog = page.getByRole('dialog', { name: 'Compare with a head that was noted' })
    const result = dialog.getByRole('status', { name: 'Result of the comparison' })
    await dialog.getByRole('textbox', { name: 'Entries' }).fill(String(head.entries))
    await dialog.getByRole('textbox', { name: 'Hash of the last entry' }).fill(head.hash)
    await result.getByText('the same', { exact: true }).waitFor()
    await dialog.getByRole('textbox', { name: 'Hash of the last entry' }).fill('0'.repeat(64))
    await result.getByText('rewritten', { exact: true }).waitFor()
    await dialog.getByRole('textbox', { name: 'Entries' }).fill('9999')
    await result.getByText('cut off', { exact: true }).waitFor()
    expect(await axeFindings(page)).toEqual([])
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
  })

  it('notes that views are noted from now on', async () => {
    await page.keyboard.press('o')
    await page.getByText('Note searches and views too').click()
    const patiently = { timeout: 30_000 }
    await expect.poll(() => grid().innerText(), patiently).toContain('setting.set')
    await expect.poll(() => grid().innerText(), patiently).toContain('view.events.find')
    await grid().getByText('setting.set').first().click()
    await expect.poll(() => page.getByRole('region', { name: 'Entry' }).innerText(), patiently).toContain('logViews')
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await axeFindings(page)).toEqual([])
    expect(complaints).toEqual([])
  })
})
