import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { examplesOf } from '#test/build/manual-examples.ts'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { axeFindings, chromiumPath, launchChromium } from './browser.ts'
import { isBuilt, startHost } from './host.ts'
import { openSmallCase, type SmallCase } from './small-case.ts'

const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
/** The keys of the manual's table, as caps: `Ctrl+K`. */
const toldKeys = new Set(
  readme
    .slice(readme.indexOf('\n### Keyboard\n'), readme.indexOf('\n### What Trailcase does not prove\n'))
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .flatMap((line) => [...(line.split(' | ')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, key]) => key!)),
)

const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true })

describe.skipIf(chromiumPath === undefined || !isBuilt)('the manual in the window', () => {
  let small: SmallCase
  let page: Page
  beforeAll(async () => {
    small = await openSmallCase()
    page = small.page
    await page.getByRole('navigation', { name: 'Places' }).waitFor()
  })
  afterAll(() => small.close())

  const about = () => page.evaluate(() => location.hash)
  /** Goes to a place, and waits until it is the one that is shown: a key means what is on the screen. */
  const show = async (place: 'Evidence' | 'Events'): Promise<void> => {
    await small.look(`#/${place.toLowerCase()}`)
    await page.locator('[aria-current="page"]').filter({ hasText: place }).waitFor()
  }

  it('opens with F1 at the chapter about what is shown, also from the search box', async () => {
    await show('Evidence')
    await page.keyboard.press('F1')
    await heading(page, 'Integrity in plain words').waitFor()
    await show('Events')
    await page.keyboard.press('/')
    await page.keyboard.press('F1')
    await heading(page, 'Searching').waitFor()
    expect(await about()).toContain('/help')
  })

  it('opens from the places, turns its pages with keys, and each chapter has an address', async () => {
    await page.getByRole('button', { name: 'Help', exact: true }).click()
    await heading(page, 'First steps').waitFor()
    await page.getByRole('region', { name: 'First steps' }).focus()
    await page.keyboard.press('n')
    await heading(page, 'Acquiring').waitFor()
    expect(await about()).toContain('about=acquiring')
    await page.keyboard.press('p')
    await heading(page, 'First steps').waitFor()
    await page.getByRole('button', { name: 'Handing over' }).first().click()
    await heading(page, 'Handing over').waitFor()
  })

  it('is searched: x of y sections, and one click leads to the place', async () => {
    await page.getByRole('searchbox', { name: 'Search the manual' }).fill('openssl signature')
    await page.getByText(/^\d+ of \d+ sections$/).waitFor()
    await page.getByRole('button', { name: /^Check a proof yourself/ }).click()
    await expect.poll(() => heading(page, 'Check a proof yourself').isVisible()).toBe(true)
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('searchbox', { name: 'Search the manual' }).fill('no such words at all')
    await page.getByText('Not in the manual').waitFor()
    await page.getByRole('button', { name: 'Show the contents' }).click()
    await page.getByRole('navigation', { name: 'Chapters' }).waitFor()
  })

  it('holds every example of the README, and gives it to the clipboard', async () => {
    await small.look('#/help?about=searching')
    await heading(page, 'Searching').waitFor()
    const shown = await page.locator('pre').allInnerTexts()
    const [first] = examplesOf(readme.slice(readme.indexOf('\n### Searching\n')))
    expect(shown.join('\n')).toContain(first?.text)
    await page.getByRole('button', { name: 'Copy the example' }).first().click()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(shown[0])
  })

  it('tells every key that the places tell', async () => {
    const found = new Map<string, string>()
    for (const place of [
      'overview',
      'events',
      'timeline',
      'identities',
      'evidence',
      'evidence?about=integrity',
      'story',
      'sql',
      'custody',
      'help',
    ]) {
      await small.look(`#/${place}`)
      await page.waitForTimeout(300)
      await page.locator('body').click({ position: { x: 1, y: 1 } })
      await page.keyboard.press('?')
      const sheet = page.getByRole('dialog', { name: 'Keys' })
      await sheet.waitFor()
      for (const one of await sheet.locator('dd > span').all()) {
        const caps = await one.locator('kbd').allInnerTexts()
        // `g e` is a sequence: the table says "g and a letter".
        if (caps[0] !== 'g') found.set(caps.join('+'), place)
      }
      await page.keyboard.press('Escape')
      await sheet.waitFor({ state: 'hidden' })
    }
    expect(found.size).toBeGreaterThan(20)
    const numbers = /^[2-8]$/
    expect([...found].filter(([key]) => !toldKeys.has(key) && !numbers.test(key))).toEqual([])
  })

  it('is readable in the dark, without a complaint of the browser', async () => {
    await page.emulateMedia({ colorScheme: 'dark' })
    await small.look('#/help?about=keyboard')
    await heading(page, 'Keyboard').waitFor()
    expect(await axeFindings(page)).toEqual([])
    expect(small.watched.complaints).toEqual([])
  })
})

describe.skipIf(chromiumPath === undefined || !isBuilt)('the manual without a case', () => {
  it('opens from the start screen with F1, and Escape leads back', async () => {
    const host = await startHost()
    const browser = await launchChromium()
    const { page, complaints } = await host.open(browser, { forAxe: true })
    await page.getByRole('button', { name: /^Help/ }).waitFor()
    await page.keyboard.press('F1')
    await heading(page, 'First steps').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('region', { name: 'First steps' }).focus()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /^New case/ }).waitFor()
    expect(complaints).toEqual([])
    await browser.close()
    await host.close()
  })
})
