import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { axeFindings, chromiumPath, launchChromium, openPage, type WatchedPage } from '../../journeys/browser.ts'
import { serveGallery, type GalleryServer } from './gallery-server.ts'

declare global {
  interface Window {
    bigGrid: { readonly goToRow: (row: number) => void }
  }
}

describe.skipIf(chromiumPath === undefined)(
  'the widgets in Chromium, under the strict policy (skipped where there is no Chromium)',
  { timeout: 90_000 },
  () => {
    let gallery: GalleryServer
    let browser: Browser
    let open: WatchedPage | undefined

    beforeAll(async () => {
      gallery = await serveGallery()
      browser = await launchChromium()
    }, 60_000)
    afterAll(async () => {
      await browser.close()
      await gallery.close()
    })
    afterEach(async () => {
      const complaints = open?.complaints
      await open?.context.close()
      open = undefined
      expect(complaints ?? []).toEqual([])
    })

    async function visit(place: string): Promise<Page> {
      open = await openPage(browser, `${gallery.address}#${place}`)
      return open.page
    }

    const activeRow = async (grid: Locator): Promise<string> => {
      const id = await grid.getAttribute('aria-activedescendant')
      return (
        (await grid
          .page()
          .locator(`[id="${id ?? ''}"]`)
          .locator('..')
          .getAttribute('aria-rowindex')) ?? 'none'
      )
    }

    it.each(['light', 'dark'] as const)(
      'are clean for axe in %s, also with a dialog, the palette and the key sheet open',
      async (theme) => {
        for (const place of ['cards', 'workbench', 'big']) {
          const watched = await openPage(browser, `${gallery.address}?theme=${theme}#${place}`, { theme, forAxe: true })
          const { page } = watched
          await page.waitForTimeout(250)
          expect(await axeFindings(page)).toEqual([])
          const opened = place === 'cards' ? ['button:Open a dialog'] : place === 'workbench' ? ['Control+k', '?'] : []
          for (const how of opened) {
            if (how.startsWith('button:')) await page.getByRole('button', { name: how.slice(7) }).click()
            else await page.keyboard.press(how)
            await page.getByRole('dialog').waitFor()
            expect(await axeFindings(page)).toEqual([])
            await page.keyboard.press('Escape')
            await page.getByRole('dialog').waitFor({ state: 'detached' })
          }
          await watched.context.close()
        }
      },
    )

    it('reach the last of ten million rows by key and by scroll bar, and go back one row exactly', async () => {
      const page = await visit('big')
      const grid = page.getByRole('grid')
      await expect.poll(() => page.getByRole('row').count()).toBeGreaterThan(20)
      expect(await grid.getAttribute('aria-rowcount')).toBe('10000001')
      await grid.focus()
      await page.keyboard.press('End')
      expect(await activeRow(grid)).toBe('10000001')
      await page.keyboard.press('k')
      expect(await activeRow(grid)).toBe('10000000')
      await page.keyboard.press('Home')
      expect(await activeRow(grid)).toBe('2')
      await grid.evaluate((element) => {
        element.scrollTop = element.scrollHeight
      })
      await page.locator('[aria-rowindex="10000001"]').waitFor()
    })

    it('move the list by exactly what the wheel says, in the middle of ten million rows', async () => {
      const page = await visit('big')
      await page.evaluate(() => window.bigGrid.goToRow(5_000_000))
      const row = page.locator('[aria-rowindex="5000002"]')
      await row.waitFor()
      await page.mouse.move(600, 400)
      const before = (await row.boundingBox())!.y
      await page.mouse.wheel(0, 240)
      await expect.poll(async () => (await row.boundingBox())?.y).toBe(before - 240)
      await page.mouse.wheel(0, -480)
      await expect.poll(async () => (await row.boundingBox())?.y).toBe(before + 240)
    })

    it('draw no cell that holds markup from a row, and show hidden characters as marks', async () => {
      const page = await visit('workbench')
      await expect.poll(() => page.getByRole('gridcell', { name: 'j.\\u{202e}admin' }).count()).toBeGreaterThan(0)
      await page.getByRole('treeitem').filter({ hasText: 'acme-\\u{202e}payroll' }).waitFor()
    })

    it('select rows with x and Shift, and drop the selection with Escape', async () => {
      const page = await visit('workbench')
      const grid = page.getByRole('grid')
      await page.getByText('ListUsers').first().waitFor()
      await grid.focus()
      await page.keyboard.press('j')
      await page.keyboard.press('x')
      await page.getByText('1 row selected').waitFor()
      await page.keyboard.press('Shift+J')
      await page.keyboard.press('Shift+ArrowDown')
      await page.getByText('3 rows selected').waitFor()
      await page.keyboard.press('Escape')
      await page.getByText('rows selected').waitFor({ state: 'detached' })
    })

    it('drop the selection when another result comes, for its ordinals mean other rows', async () => {
      const page = await visit('workbench')
      await page.getByText('ListUsers').first().waitFor()
      await page.getByRole('grid').focus()
      await page.keyboard.press('x')
      await page.getByText('1 row selected').waitFor()
      await page.getByRole('combobox', { name: 'Search' }).fill('another')
      await page.getByText('row selected').waitFor({ state: 'detached' })
    })

    it('bring a column into sight when the keyboard walks to it', async () => {
      const page = await visit('workbench')
      await page.getByText('ListUsers').first().waitFor()
      await page.getByRole('grid').focus()
      for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowRight')
      const cell = page.locator('[aria-rowindex="2"] [aria-colindex="8"]')
      const grid = (await page.getByRole('grid').boundingBox())!
      await expect.poll(async () => (await cell.boundingBox())!.x + 40).toBeLessThan(grid.x + grid.width)
    })

    it('open the menu of a cell by right click and by key', async () => {
      const page = await visit('workbench')
      await page.getByText('AssumeRole').first().click({ button: 'right' })
      await page.getByRole('menuitem', { name: 'Filter against this value' }).waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('menu').waitFor({ state: 'detached' })
      await page.getByRole('grid').focus()
      await page.keyboard.press('Shift+F10')
      await page.getByRole('menuitem', { name: 'Copy raw record' }).waitFor()
    })

    it('hide, show and move columns by the chooser, by keyboard alone', async () => {
      const page = await visit('workbench')
      await page.getByRole('button', { name: 'Columns' }).focus()
      await page.keyboard.press('Enter')
      await page.keyboard.type('call')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Space')
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      expect(await page.getByRole('columnheader', { name: 'call' }).count()).toBe(0)
      expect(await page.getByRole('columnheader', { name: 'who' }).count()).toBe(1)
    })

    it('resize a column by its edge', async () => {
      const page = await visit('workbench')
      const head = page.getByRole('columnheader', { name: 'call' })
      const box = (await head.boundingBox())!
      await page.mouse.move(box.x + box.width, box.y + 12)
      await page.mouse.down()
      await page.mouse.move(box.x + box.width + 60, box.y + 12, { steps: 4 })
      await page.mouse.up()
      expect((await head.boundingBox())!.width).toBeCloseTo(box.width + 60, 0)
    })

    it('zoom the histogram by brush, wheel and key, and offer it as a table', async () => {
      const page = await visit('workbench')
      const plot = page.getByRole('group', { name: /Events over time/ })
      const label = () => plot.getAttribute('aria-label')
      const whole = await label()
      const box = (await plot.boundingBox())!
      await page.mouse.move(box.x + 300, box.y + 40)
      await page.mouse.down()
      await page.mouse.move(box.x + 500, box.y + 40, { steps: 5 })
      await page.mouse.up()
      const brushed = await label()
      expect(brushed).not.toBe(whole)
      await page.mouse.wheel(0, -200)
      await expect.poll(label).not.toBe(brushed)
      await plot.focus()
      for (let i = 0; i < 6; i++) await page.keyboard.press('Z')
      expect(await label()).toBe(whole)
      await page.keyboard.press('ArrowRight')
      await page.getByRole('status').filter({ hasText: 'events' }).waitFor()
      await page.getByRole('button', { name: 'Show as table' }).click()
      await page.getByRole('table').getByRole('columnheader', { name: 'total' }).waitFor()
    })

    it('give a span, not a zoom, for a brush with Shift', async () => {
      const page = await visit('workbench')
      const plot = page.getByRole('group', { name: /Events over time/ })
      const before = await plot.getAttribute('aria-label')
      const box = (await plot.boundingBox())!
      const shades = await plot.locator('div').count()
      await page.keyboard.down('Shift')
      await page.mouse.move(box.x + 300, box.y + 40)
      await page.mouse.down()
      await page.mouse.move(box.x + 500, box.y + 40, { steps: 5 })
      await page.mouse.up()
      await page.keyboard.up('Shift')
      await page.mouse.move(5, 5)
      await expect.poll(() => plot.locator('div').count()).toBe(shades + 1)
      expect(await plot.getAttribute('aria-label')).toBe(before)
    })

    it('open strings that hold JSON, and keep digits and duplicate keys in sight', async () => {
      const page = await visit('workbench')
      const tree = page.getByRole('tree')
      await tree.getByText('9007199254740993').waitFor()
      expect(await tree.getByRole('treeitem').filter({ hasText: /^dup/ }).count()).toBe(2)
      await tree.getByRole('treeitem').filter({ hasText: 'bucketPolicy' }).getByRole('button', { name: 'Open' }).click()
      await tree.getByText('2012-10-17', { exact: true }).waitFor()
    })

    it('copy raw bytes without the line breaks of the view, and show invalid bytes', async () => {
      const page = await visit('workbench')
      await page.getByRole('tab', { name: 'Raw' }).click()
      const raw = page.getByRole('document', { name: 'Record, raw' })
      await raw.getByText('\\xff').waitFor()
      await raw.focus()
      await raw.evaluate((element) => window.getSelection()?.selectAllChildren(element))
      await page.keyboard.press('Control+c')
      const copied = await page.evaluate(() => navigator.clipboard.readText())
      expect(copied).toContain('"eventTime":"2023-07-10T12:03:44Z","eventName":"PutBucketPolicy"')
      expect(copied.split('\n')).toHaveLength(2)
      await page.getByRole('searchbox', { name: 'Find in these bytes' }).fill('PutBucketPolicy')
      await page.getByText('1 of 1', { exact: true }).waitFor()
    })

    it('run commands from the palette and list the keys on ?', async () => {
      const page = await visit('workbench')
      await page.keyboard.press('Control+k')
      await page.keyboard.type('story go')
      await page.keyboard.press('Enter')
      await page.locator('[aria-current=page]', { hasText: 'Story' }).waitFor()
      await page.keyboard.press('g')
      await page.keyboard.press('h')
      await page.locator('[aria-current=page]', { hasText: 'Hunts' }).waitFor()
      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: 'Keys' }).getByText('Zoom into the mark').waitFor()
    })

    it('take a suggestion in the search box and underline what is wrong at its place', async () => {
      const page = await visit('workbench')
      const box = page.getByRole('combobox', { name: 'Search' })
      await box.fill('user')
      await page.getByRole('option', { name: /userIdentity.arn/ }).waitFor()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      expect(await box.inputValue()).toBe('userIdentity.arn:')
      await box.fill('a:b ((')
      await page.getByText('never closed').waitFor()
      expect(await box.getAttribute('aria-invalid')).toBe('true')
    })

    it('take an exact range and refuse one that ends before it starts', async () => {
      const page = await visit('workbench')
      await page.getByRole('button', { name: /2023-07-10/ }).click()
      const from = page.getByRole('textbox', { name: 'From' })
      await from.fill('2023-07-12 00:00:00Z')
      await page.getByRole('textbox', { name: 'To, not included' }).fill('2023-07-11')
      await page.getByText('later than the start').waitFor()
      await from.fill('2023-07-10T02:00:00+02:00')
      await page.getByText('1 d', { exact: true }).waitFor()
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: '2023-07-10 00:00:00Z to 2023-07-11 00:00:00Z' }).waitFor()
    })

    it('show messages that can be undone and trouble that stays', async () => {
      const page = await visit('cards')
      await page.getByRole('button', { name: 'Show trouble' }).click()
      await page.getByRole('button', { name: 'Show a toast' }).click()
      await page.getByRole('button', { name: 'Undo' }).click()
      await page.getByText('38 events tagged').waitFor({ state: 'detached' })
      expect(await page.getByText('The disk is full').count()).toBe(1)
    })
  },
)
