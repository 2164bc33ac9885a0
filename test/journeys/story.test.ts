import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axeFindings, chromiumPath } from './browser.ts'
import { isBuilt } from './host.ts'
import { openSmallCase, type SmallCase } from './small-case.ts'

describe.skipIf(chromiumPath === undefined || !isBuilt)('from a search to the printed report', () => {
  let small: SmallCase
  beforeAll(async () => {
    small = await openSmallCase()
  })
  afterAll(() => small.close())

  const page = () => small.page
  const tab = (name: string) => page().getByRole('tab', { name: new RegExp(`^${name}`) })
  const paper = () => page().getByRole('region', { name: 'Printed page' })

  it('finds an event and makes it an exhibit', async () => {
    await small.look('#/events')
    await page().getByRole('grid', { name: 'Events' }).waitFor()
    await page().keyboard.press('/')
    await page().keyboard.type('StopLogging')
    await page().keyboard.press('Enter')
    await page().getByRole('grid', { name: 'Events' }).getByText('StopLogging').first().click()
    await page().keyboard.press('b')
    await page().getByRole('dialog').getByLabel('Title').fill('Logging stopped')
    await page().keyboard.press('Enter')
    await page().getByText('Bookmarked as AR-0001').waitFor()
  })

  it('writes prose and sees it on the page', async () => {
    await page().keyboard.press('g')
    await page().keyboard.press('s')
    await page().getByRole('group', { name: 'Add to the story' }).getByRole('button', { name: 'Prose' }).click()
    const prose = page().getByRole('list', { name: 'Story' }).getByLabel('Prose')
    await prose.fill('The trail was **switched off** at six past nine.')
    await tab('Findings').click()
    await paper().getByText('switched off').first().waitFor()
  })

  it('writes a finding that stands on the exhibit', async () => {
    await page().getByRole('button', { name: 'New finding' }).click()
    const title = page().getByLabel('Title')
    await title.fill('Logging was stopped by the admin role')
    await page().getByRole('group', { name: 'Kind of finding' }).getByRole('button', { name: 'fact' }).click()
    await page().getByText('AR-0001').first().click()
    await page().getByText('Exhibits it stands on: 1 of 1').waitFor()
    await page().getByLabel('Statement').fill('Call StopLogging succeeded.')
    await tab('Story').click()
    await page().getByRole('button', { name: 'Finding', exact: true }).click()
    await page().getByRole('menuitem', { name: 'Logging was stopped by the admin role' }).click()
    await paper().getByText('Call StopLogging succeeded.').first().waitFor()
  })

  it('moves a block with the keyboard', async () => {
    const blocks = () => page().getByRole('list', { name: 'Story' }).locator('> li')
    await expect.poll(() => blocks().count()).toBe(2)
    await blocks().nth(1).getByRole('button', { name: 'Logging was stopped' }).focus()
    await page().keyboard.press('Alt+ArrowUp')
    await expect.poll(() => blocks().first().textContent()).toContain('Logging was stopped')
  })

  it('says what a final report still needs, and is content once it is there', async () => {
    const missing = page().getByRole('status', { name: 'What is missing' })
    expect(await missing.textContent()).toContain('the owner of the evidence')
    await tab('Report data').click()
    await page().getByLabel('Owner of the evidence').fill('ACME legal')
    await page().getByLabel('Authority: order, mandate or consent').fill('Mandate of 2024-05-02')
    await page().getByLabel('Title').focus()
    await expect.poll(() => missing.textContent()).toBe('Nothing is missing for a final report.')
    expect((await axeFindings(page())).join('\n')).toBe('')
  })

  it('prints a file that holds the exhibit and leaves out what was redacted, and shows its SHA-256', async () => {
    await page().getByRole('button', { name: 'Print' }).click()
    const dialog = page().getByRole('dialog', { name: 'Print the report' })
    await dialog.getByRole('button', { name: 'HTML' }).click()
    await dialog.getByRole('button', { name: 'Value', exact: true }).click()
    await dialog.getByLabel('Value').fill('203.0.113.7')
    await dialog.getByLabel('Reason').fill('private address')
    expect((await axeFindings(page())).join('\n')).toBe('')
    await dialog.getByRole('button', { name: 'Choose the file and print' }).click()
    expect(await page().getByLabel('File name').inputValue()).toBe('ACME-7 report.html')
    await page().getByRole('button', { name: 'Save here' }).click()
    const done = page().getByRole('dialog', { name: 'The report is written' })
    await done.waitFor()
    const file = readFileSync(join(small.folder, 'root', 'ACME-7 report.html'))
    expect(await done.textContent()).toContain(createHash('sha256').update(file).digest('hex'))
    const text = file.toString('utf8')
    expect(text.includes('AR-0001')).toBe(true)
    expect(text.includes('Call StopLogging succeeded.')).toBe(true)
    expect(text.includes('FINAL')).toBe(true)
    expect(text.includes('203.0.113.7')).toBe(false)
    await done.getByRole('button', { name: 'Close' }).last().click()
  })

  it('prints the PDF too', async () => {
    await page().getByRole('button', { name: 'Print' }).click()
    await page().getByRole('button', { name: 'Choose the file and print' }).click()
    await page().getByRole('button', { name: 'Save here' }).click()
    const done = page().getByRole('dialog', { name: 'The report is written' })
    await done.waitFor()
    expect(await done.textContent()).toMatch(/\d+ pages/)
    expect(
      readFileSync(join(small.folder, 'root', 'ACME-7 report.pdf'))
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-')
  })

  it('complains about nothing', () => {
    expect(small.watched.complaints).toEqual([])
  })
})
