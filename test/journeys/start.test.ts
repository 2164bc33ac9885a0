import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evidence } from '#test/fixtures/evidence.ts'
import { axeFindings, chromiumPath, launchChromium } from './browser.ts'
import { isBuilt, newFolder, runTrailcase, startHost, type RunningHost } from './host.ts'

const STORY = `
  09:00 alice  ConsoleLogin
  09:01 alice  AssumeRole -> admin
  09:02 admin  StopLogging
  09:03 admin  DeleteTrail
  09:04 mallory GetObject -> secrets/plan.txt !denied`

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name })
const found = (page: Page) => page.getByRole('status', { name: 'Events found' })
const finds = (page: Page, text: string | RegExp) => found(page).filter({ hasText: text }).waitFor()
const started = (page: Page) => page.getByText('None yet.').waitFor()

describe.skipIf(chromiumPath === undefined || !isBuilt)('starting to work', () => {
  let browser: Browser
  const hosts: RunningHost[] = []
  const start = async (...args: Parameters<typeof startHost>): Promise<RunningHost> => {
    const host = await startHost(...args)
    hosts.push(host)
    return host
  }
  /** A case with the story, as somebody made it before; each test gets a copy in its own folder. */
  const made = newFolder()
  const original = join(made, 'root/ACME-7.trailcase')
  const folderWithCase = (): string => {
    const folder = newFolder()
    copyFileSync(original, caseIn(folder))
    return folder
  }
  const caseIn = (folder: string): string => join(folder, 'root/ACME-7.trailcase')

  beforeAll(async () => {
    browser = await launchChromium()
    const from = evidence(STORY).writeTo(join(made, 'given'))
    await runTrailcase(made, 'new', original, '--title', 'Leaked key', '--number', 'ACME-7', '--examiner', 'A. Rossi')
    await runTrailcase(made, 'import', original, from, '--examiner', 'A. Rossi')
  })
  afterAll(async () => {
    await browser.close()
    for (const host of hosts) await host.close()
    rmSync(made, { recursive: true, force: true })
  })

  it('makes a case from the keyboard, in the folder and under the name that the person chose', async () => {
    const host = await start()
    const { page, complaints } = await host.open(browser)
    await started(page)

    await page.keyboard.press('n')
    await page.getByLabel('Title').fill('Leaked key in build logs')
    await page.getByLabel('Case number').fill('ACME-2026-014')
    await page.getByLabel('Time zone').fill('Europe/Berlin')
    expect(await button(page, 'Choose where to save').isDisabled()).toBe(true)
    await page.getByLabel('Examiner').fill('A. Rossi')
    await page.keyboard.press('Enter')
    expect(await page.getByLabel('File name').inputValue()).toBe('ACME-2026-014.trailcase')
    await page.keyboard.press('Enter')

    await page.getByRole('heading', { name: 'No evidence in this case yet' }).waitFor()
    expect(existsSync(join(host.folder, 'root/ACME-2026-014.trailcase'))).toBe(true)
    expect(await button(page, 'ACME-2026-014').isVisible()).toBe(true)
    expect(await page.getByRole('contentinfo').innerText()).toContain('A. Rossi')
    expect(await page.title()).toBe('ACME-2026-014 Leaked key in build logs - Trailcase')

    await button(page, 'Time zone').click()
    expect(await page.getByRole('option').allInnerTexts()).toEqual(['UTC', 'Europe/Berlin'])
    expect(complaints).toEqual([])
  })

  it('never offers to overwrite a case', async () => {
    const folder = folderWithCase()
    const { page } = await (await start({ folder })).open(browser)
    await started(page)
    await page.keyboard.press('n')
    await page.getByLabel('Title').fill('Another')
    await page.getByLabel('Examiner').fill('A. Rossi')
    await button(page, 'Choose where to save').click()
    await page.getByLabel('File name').fill('ACME-7')
    await page.getByText('ACME-7.trailcase is there already.').waitFor()
    expect(await button(page, 'Save here').isDisabled()).toBe(true)
  })

  it('opens the sample investigation', async () => {
    const { page, complaints } = await (await start()).open(browser)
    await button(page, /Sample investigation/).click()
    await found(page).waitFor({ timeout: 120_000 })
    await expect
      .poll(async () => found(page).innerText(), { timeout: 30_000 })
      .toMatch(/^[1-9][\d,]* of [1-9][\d,]* events$/)
    expect(complaints).toEqual([])
  })

  it('opens a case from the picker, lists it as recent, and says when it is not there any more', async () => {
    const folder = folderWithCase()
    const path = caseIn(folder)
    const { page } = await (await start({ folder, examiner: 'B. Weber' })).open(browser)
    await started(page)
    await page.keyboard.press('o')
    await page.getByRole('row', { name: 'ACME-7.trailcase' }).click()
    await page.keyboard.press('Enter')
    await finds(page, '5 of 5 events')
    expect(await page.getByRole('contentinfo').innerText()).toContain('B. Weber')

    await button(page, 'ACME-7').click()
    await page.getByRole('menuitem', { name: 'Close the case' }).click()
    const recent = page.getByRole('region', { name: 'Recent cases' }).getByRole('button')
    await recent.filter({ hasText: 'Leaked key' }).click()
    await found(page).waitFor()

    await button(page, 'ACME-7').click()
    await page.getByRole('menuitem', { name: 'Close the case' }).click()
    await recent.waitFor()
    rmSync(path)
    await page.reload()
    await recent.filter({ hasText: 'not there any more' }).waitFor()
    expect(await recent.isDisabled()).toBe(true)
  })

  it('opens the case named at start to read, and to work once somebody says who they are', async () => {
    const folder = folderWithCase()
    const path = caseIn(folder)
    const { page, complaints } = await (await start({ folder, case: path })).open(browser)
    await page.getByRole('dialog', { name: 'Who works on this case?' }).waitFor()
    await button(page, 'Only read').click()
    await page.keyboard.press('g')
    await page.keyboard.press('v')
    const add = button(page, /Add evidence/)
    await add.waitFor()
    expect(await add.isDisabled()).toBe(true)

    await button(page, 'Read only').click()
    await page.getByLabel('Examiner').fill('C. Danso')
    await page.keyboard.press('Enter')
    await page.getByRole('contentinfo').getByText('C. Danso').waitFor()
    expect(await add.isDisabled()).toBe(false)

    await page.reload()
    await page.getByRole('contentinfo').getByText('C. Danso').waitFor()
    expect(page.url()).toContain('#/evidence')
    expect(complaints).toEqual([])
  })

  it('reads the query back, shows an error at its place, and walks back and forward through what was asked', async () => {
    const folder = folderWithCase()
    const path = caseIn(folder)
    const { page, complaints } = await (await start({ folder, case: path, examiner: 'A. Rossi' })).open(browser)
    await finds(page, '5 of 5 events')
    const search = page.getByRole('combobox', { name: 'Search' })

    await page.keyboard.press('/')
    await page.keyboard.type('eventName:(Del')
    await page.getByRole('option', { name: /DeleteTrail/ }).waitFor()
    await search.press('Escape')
    expect(await search.getAttribute('aria-invalid')).toBe('true')
    await search.press('Enter')
    expect(await found(page).innerText()).toBe('5 of 5 events')

    await search.fill('eventName:De')
    await page.getByRole('option', { name: /DeleteTrail/ }).click()
    await search.press('Enter')
    await finds(page, '1 of 5 events')
    expect(await page.getByRole('contentinfo').innerText()).toContain('event name is DeleteTrail')
    expect(page.url()).toContain('q=eventName%3ADeleteTrail')

    await search.blur()
    await page.keyboard.press('[')
    await finds(page, '5 of 5 events')
    expect(await search.inputValue()).toBe('')
    await page.keyboard.press(']')
    await finds(page, '1 of 5 events')
    expect(complaints).toEqual([])
  })

  it('finds every place and operation in the palette, and lists the keys', async () => {
    const folder = folderWithCase()
    const path = caseIn(folder)
    const { page } = await (await start({ folder, case: path, examiner: 'A. Rossi' })).open(browser)
    await found(page).waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('searchbox', { name: 'Find a command' }).fill('check case')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByText('Every check passed.').waitFor({ timeout: 60_000 })
    expect(await page.getByRole('dialog').getByText('passed', { exact: true }).count()).toBe(5)
    await page.keyboard.press('Escape')

    await page.keyboard.press('?')
    const keys = page.getByRole('dialog', { name: 'Keys' })
    for (const line of ['Find a command', 'Go to Evidence', 'Search', 'Forward again'])
      await keys.getByRole('term').getByText(line, { exact: true }).waitFor()
    await page.keyboard.press('Escape')
    await keys.waitFor({ state: 'hidden' })
  })

  it('changes the case data and keeps what was there before in the custody log', async () => {
    const folder = folderWithCase()
    const path = caseIn(folder)
    const { page } = await (await start({ folder, case: path, examiner: 'A. Rossi' })).open(browser)
    await found(page).waitFor()
    await button(page, 'ACME-7').click()
    await page.getByRole('menuitem', { name: 'Case data' }).click()
    await page.getByLabel('Case number').fill('ACME-7b')
    await page.getByLabel('Scope').fill('Account 111122223333 only')
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
    await button(page, 'ACME-7b').waitFor()
    await button(page, 'ACME-7b').click()
    await page.getByRole('menuitem', { name: 'Close the case' }).click()
    await page.getByRole('heading', { name: 'Trailcase' }).waitFor()

    const { stdout } = await runTrailcase(folder, 'info', path, '--json')
    expect(JSON.parse(stdout).header ?? JSON.parse(stdout)).toMatchObject({
      number: 'ACME-7b',
      scope: 'Account 111122223333 only',
    })
  })

  it('says that the engine is gone, keeps what is on screen, and tries again', async () => {
    const folder = folderWithCase()
    const path = caseIn(folder)
    const host = await start({ folder, case: path, examiner: 'A. Rossi' })
    const { page } = await host.open(browser)
    await finds(page, '5 of 5 events')
    await host.kill()
    // A part of the place that was just asking may say so too: the banner is the one that tries again.
    const banner = page.getByRole('alert').filter({ hasText: 'Trying to connect again' })
    await banner.waitFor()
    expect(await banner.innerText()).toContain('Trailcase does not answer; what was stored is safe.')
    expect(await found(page).innerText()).toBe('5 of 5 events')
  })

  it('refuses a dropped file with words instead of leaving the window for it', async () => {
    const { page } = await (await start()).open(browser)
    await started(page)
    const wasHandled = await page.evaluate(() => {
      const transfer = new DataTransfer()
      transfer.items.add(new File(['{}'], 'log.json'))
      const drop = new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true })
      return !document.body.dispatchEvent(drop)
    })
    expect(wasHandled).toBe(true)
    await page.getByText('A browser does not tell where dropped files lie').waitFor()
  })

  it.each(['light', 'dark'] as const)('can be used with assistive technology, in %s', async (theme) => {
    const folder = folderWithCase()
    const { page } = await (await start({ folder })).open(browser, { theme, forAxe: true })
    await started(page)
    expect(await axeFindings(page)).toEqual([])
    await page.keyboard.press('n')
    await page.getByLabel('Title').fill('Case')
    expect(await axeFindings(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await page.keyboard.press('o')
    await page.getByRole('row', { name: 'ACME-7.trailcase' }).click()
    expect(await axeFindings(page)).toEqual([])
    await button(page, 'Open').last().click()
    await page.getByRole('dialog', { name: 'Who works on this case?' }).waitFor()
    expect(await axeFindings(page)).toEqual([])
    await button(page, 'Only read').click()
    await button(page, 'ACME-7').click()
    await page.getByRole('menuitem', { name: 'Case data' }).click()
    await page.getByLabel('Scope').waitFor()
    expect(await axeFindings(page)).toEqual([])
  })
})
