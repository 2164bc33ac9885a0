import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evidence, records } from '#test/fixtures/evidence.ts'
import { axeFindings, chromiumPath, launchChromium } from './browser.ts'
import { isBuilt, newFolder, runTrailcase, startHost, type RunningHost } from './host.ts'

const STORY = `
  09:00 alice  ConsoleLogin
  09:01 alice  AssumeRole -> admin !duplicate
  10:02 admin  StopLogging !altered
  11:03 admin  DeleteTrail file=other`

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name })
const found = (page: Page) => page.getByRole('status', { name: 'Events found' })
const finds = (page: Page, text: string) => found(page).filter({ hasText: text }).waitFor()

/** A sum as it stands on the page: `9 files seen = 5 stored + …` gives `{ total: 9, parts: [5, …] }`. */
function readSum(text: string): { total: number; parts: number[] } {
  const numbers = text.match(/\d[\d,]*/g)?.map((n) => Number(n.replaceAll(',', ''))) ?? []
  const [total = NaN, ...parts] = numbers
  return { total, parts }
}

const isRight = ({ total, parts }: ReturnType<typeof readSum>): boolean =>
  parts.length === 4 && total === parts.reduce((sum, part) => sum + part, 0)

describe.skipIf(chromiumPath === undefined || !isBuilt)('bringing evidence into a case', () => {
  let browser: Browser
  const hosts: RunningHost[] = []
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser.close()
    for (const host of hosts) await host.close()
  })

  /** An empty case and its window, at Evidence; `fill` puts evidence into the folder that the picker shows. */
  async function atEvidence(fill: (root: string) => void, options: { forAxe?: boolean } = {}) {
    const folder = newFolder()
    const path = join(folder, 'root/case.trailcase')
    fill(join(folder, 'root'))
    await runTrailcase(folder, 'new', path, '--title', 'Case', '--number', 'N-1', '--examiner', 'A. Rossi')
    const host = await startHost({ folder, case: path, examiner: 'A. Rossi' })
    hosts.push(host)
    const watched = await host.open(browser, options)
    await found(watched.page).waitFor()
    await watched.page.keyboard.press('g')
    await watched.page.keyboard.press('v')
    return { ...watched, folder, path }
  }

  const pick = async (page: Page, ...names: readonly string[]): Promise<void> => {
    const dialog = page.getByRole('dialog', { name: 'Choose evidence' })
    await button(page, /^Choose (folders|more)/).click()
    for (const [n, name] of names.entries())
      await dialog.getByRole('row', { name }).click(n === 0 ? {} : { modifiers: ['Control'] })
    await button(page, /^Use /).click()
    await dialog.waitFor({ state: 'hidden' })
  }

  it('imports folders and files with every count adding up, and says why a file could not be read', async () => {
    const { page, complaints } = await atEvidence((root) => {
      evidence(STORY).writeTo(join(root, 'bucket'))
      writeFileSync(join(root, 'bucket', 'evil\u202egnp.json'), '{"Records":[{"eventVersion":')
      writeFileSync(join(root, 'readme.txt'), 'Copied on Friday.')
    })
    await page.getByRole('heading', { name: 'No evidence in this case yet' }).waitFor()
    await pick(page, 'bucket', 'readme.txt')
    expect(await page.getByRole('list', { name: 'Chosen sources' }).innerText()).toMatch(/bucket[\s\S]*readme\.txt/)
    await button(page, 'Import 2 sources').click()
    const outcome = page.getByRole('status').filter({ hasText: 'Imported 2 sources' })
    await outcome.waitFor({ timeout: 60_000 })

    const sums = await outcome
      .getByText(/(files seen|records read)/)
      .locator('..')
      .allInnerTexts()
    expect(sums).toHaveLength(2)
    for (const sum of sums) expect(isRight(readSum(sum)), sum).toBe(true)
    // Four lines; the one that was delivered twice is an event once.
    expect(readSum(sums[1] ?? '')).toMatchObject({ total: 5, parts: [4, 1, 0, 0] })
    expect(await outcome.innerText()).toContain('evil\\u{202e}gnp.json')
    expect(await outcome.innerText()).toContain('1 altered')
    await finds(page, '4 of 4 events')

    const sources = page.getByRole('region', { name: 'Sources' })
    expect(await sources.getByRole('row').count()).toBe(3)
    await button(page, 'Dismiss').click()
    await button(page, /1 quarantined/).click()
    await page.getByText(/^1 of \d+ files$/).waitFor()
    const row = page.getByRole('grid', { name: 'Files' }).getByRole('row').nth(1)
    await row.getByText('quarantined').click()
    const details = page.getByRole('region', { name: 'File', exact: true })
    await details.getByText('quarantined').waitFor()
    expect(await details.innerText()).toContain('evil\\u{202e}gnp.json')
    expect(await details.innerText()).not.toContain('\u202e')
    expect(complaints).toEqual([])
  })

  it('shows what the digests say about each file', async () => {
    const { page } = await atEvidence((root) => evidence(STORY).writeTo(join(root, 'bucket')))
    await pick(page, 'bucket')
    await button(page, 'Import 1 source').click()
    await page.getByText(/^Imported 1 source/).waitFor({ timeout: 60_000 })
    await button(page, 'Dismiss').click()
    await button(page, 'Kind').click()
    await page.getByRole('option', { name: 'CloudTrail log' }).click()
    const grid = page.getByRole('grid', { name: 'Files' })
    await grid.getByText('Altered').waitFor()
    expect(await grid.getByText('Proven', { exact: true }).count()).toBeGreaterThan(1)
    await grid.getByText('Altered').click()
    await page.getByText('events were changed, added or removed after delivery').waitFor()

    await page.getByRole('searchbox', { name: 'Part of the path' }).fill('no such file')
    await page.getByRole('heading', { name: 'No file is like that' }).waitFor()
    await button(page, 'List all files').click()
    await grid.getByText('Altered').waitFor()
  })

  it('takes the same evidence again without storing anything twice', async () => {
    const { page } = await atEvidence((root) => evidence(STORY).writeTo(join(root, 'bucket')))
    await pick(page, 'bucket')
    await button(page, 'Import 1 source').click()
    await page.getByText(/^Imported 1 source.*4 new events/).waitFor({ timeout: 60_000 })
    await page.getByRole('grid', { name: 'Files' }).waitFor()

    await page.keyboard.press('a')
    await pick(page, 'bucket')
    await button(page, 'Import 1 source').click()
    await page.getByText(/^Imported 1 source.*0 new events/).waitFor({ timeout: 60_000 })
    await finds(page, '4 of 4 events')
  })

  it('leaves out other regions by name, and counts them as ignored with the reason', async () => {
    const { page } = await atEvidence((root) =>
      evidence(`
        09:00 alice ListBuckets
        09:01 alice ListBuckets region=eu-west-1`).writeTo(join(root, 'bucket')),
    )
    await pick(page, 'bucket')
    await button(page, 'Only some accounts, regions or days').click()
    await page.getByLabel('Regions').fill('Ireland')
    await page.getByText('Write regions as us-east-1').waitFor()
    expect(await button(page, 'Import 1 source').isDisabled()).toBe(true)
    await page.getByLabel('Regions').fill('eu-west-1')
    await button(page, 'Import 1 source').click()
    await page.getByText(/^Imported 1 source.*1 new event,/).waitFor({ timeout: 60_000 })
    await button(page, 'Dismiss').click()
    await button(page, /^Ignored/).click()
    await page
      .getByRole('grid', { name: 'Files' })
      .getByText('outside the selection: region us-east-1')
      .first()
      .waitFor()
  })

  it('keeps what is stored when the person cancels, and goes on from there', async () => {
    const files = 3_000
    const { page } = await atEvidence((root) => manyFiles(join(root, 'bucket'), files))
    await pick(page, 'bucket')
    await button(page, 'Import 1 source').click()
    await page
      .getByText(/[1-9][\d,]* (of [\d,]+ )?files/)
      .first()
      .waitFor()
    await page.getByRole('progressbar', { name: 'Importing' }).waitFor()
    await button(page, 'Cancel').click()
    await page.getByText('The import was stopped.').waitFor({ timeout: 60_000 })
    await page.getByText('Import the same evidence again to go on').waitFor()
    const sources = page.getByRole('region', { name: 'Sources' })
    await sources.getByText('not read to its end').waitFor()
    const stored = readSum((await found(page).innerText()).split(' of ')[0] ?? '').total
    expect(stored).toBeLessThan(files)

    await page.keyboard.press('a')
    await pick(page, 'bucket')
    await button(page, 'Import 1 source').click()
    await page.getByText(/^Imported 1 source/).waitFor({ timeout: 120_000 })
    await finds(page, '3,000 of 3,000 events')
  })

  it('can be used with assistive technology', async () => {
    const { page } = await atEvidence((root) => evidence(STORY).writeTo(join(root, 'bucket')), { forAxe: true })
    await page.getByRole('heading', { name: 'No evidence in this case yet' }).waitFor()
    await button(page, 'Only some accounts, regions or days').click()
    expect(await axeFindings(page)).toEqual([])
    await pick(page, 'bucket')
    await button(page, 'Import 1 source').click()
    await page.getByText(/^Imported 1 source/).waitFor({ timeout: 60_000 })
    await page.getByRole('grid', { name: 'Files' }).getByText('Altered').waitFor()
    expect(await axeFindings(page)).toEqual([])
  })
})

/** One record in each of many log files: what makes an import last. */
function manyFiles(folder: string, count: number): void {
  const [record] = records('09:00 alice ListBuckets')
  const text = JSON.stringify({ Records: [record] })
  const id = String(record?.eventID)
  mkdirSync(folder, { recursive: true })
  for (let n = 0; n < count; n++) {
    const own = text.replaceAll(id, `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`)
    writeFileSync(join(folder, `${n}.json.gz`), gzipSync(own, { level: 1 }))
  }
}
