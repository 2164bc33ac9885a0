import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evidence } from '../fixtures/evidence.ts'
import { axeFindings, chromiumPath, launchChromium, type WatchedPage } from './browser.ts'
import { isBuilt, newFolder, runTrailcase, startHost, type RunningHost } from './host.ts'

/** A quiet morning, then ten minutes in which a stranger looks around, copies and covers tracks. */
const story = [
  ...Array.from({ length: 60 }, (_, n) => {
    const minute = String(n).padStart(2, '0')
    return n % 3 === 0 ? `08:${minute} alice  GetObject -> reports/q${n}.pdf` : `08:${minute} bob DescribeInstances`
  }),
  ...Array.from(
    { length: 20 },
    (_, n) => `10:0${Math.floor(n / 4)}:${String((n % 4) * 12).padStart(2, '0')} mallory  ListBuckets  !denied`,
  ),
  '10:06 mallory  StopLogging  !altered',
  '10:07 mallory  CreateAccessKey',
].join('\n')

describe.skipIf(chromiumPath === undefined || !isBuilt)('the events of a case', () => {
  let browser: Browser
  let host: RunningHost
  let watched: WatchedPage
  let page: Page
  beforeAll(async () => {
    const folder = newFolder()
    const file = join(folder, 'case.trailcase')
    evidence(story).writeTo(join(folder, 'evidence'))
    const made = await runTrailcase(folder, 'import', file, join(folder, 'evidence'), '--examiner', 'A. Rossi')
    expect([0, 1]).toContain(made.code)
    host = await startHost({ folder, case: file, examiner: 'A. Rossi' })
    browser = await launchChromium()
    watched = await host.open(browser, { forAxe: true })
    page = watched.page
    await page.evaluate(() => (location.hash = '#/events'))
    await grid().waitFor()
  })
  afterAll(async () => {
    await browser.close()
    await host.close()
  })

  const grid = () => page.getByRole('grid', { name: 'Events' })
  const rows = () => grid().getByRole('row')
  const found = () => page.getByRole('status', { name: 'Events found' })
  const expectFound = (n: number) => expect.poll(() => found().textContent()).toBe(`${n} of 82 events`)
  const look = async (hash: string): Promise<void> => {
    await page.evaluate((to) => (location.hash = to), hash)
  }

  it('lists all events, oldest first, and turns around', async () => {
    await expectFound(82)
    await expect.poll(() => rows().nth(1).textContent()).toContain('08:00:00Z')
    await grid().getByRole('columnheader', { name: /^time/ }).getByText('time (UTC)').click()
    await expect.poll(() => rows().nth(1).textContent()).toContain('CreateAccessKey')
    await grid().getByRole('columnheader', { name: /^time/ }).getByText('time (UTC)').click()
  })

  it('filters by a facet with a click, against it with Alt, and takes the filter off again', async () => {
    const facets = page.getByRole('group', { name: 'Facets' })
    await facets.getByRole('button', { name: /^ListBuckets/ }).click()
    await expectFound(20)
    await page.getByRole('button', { name: 'Take off the filter eventName ListBuckets' }).click()
    await expectFound(82)
    await facets.getByRole('button', { name: /^DescribeInstances/ }).click({ modifiers: ['Alt'] })
    await expectFound(42)
    await page.getByRole('button', { name: 'Take off all filters' }).click()
    await expectFound(82)
  })

  it('filters for and against a cell by key, and shows what stood around an event', async () => {
    await look('#/events?q=StopLogging')
    await expectFound(1)
    await rows().nth(1).getByText('mallory').click()
    await page.keyboard.press('f')
    await expect.poll(() => page.getByRole('group', { name: 'Filters' }).textContent()).toContain('mallory')
    await page.keyboard.press('.')
    await expectFound(18)
    await look('#/events')
    await expectFound(82)
  })

  it('opens an event: its record as a tree, its exact bytes, what is related and how it is vouched for', async () => {
    await look('#/events?q=StopLogging')
    await expectFound(1)
    await rows().nth(1).getByText('StopLogging').dblclick()
    const details = page.getByRole('complementary', { name: 'Event details' })
    await details.getByRole('heading', { name: 'StopLogging' }).waitFor()
    expect(await details.textContent()).toContain('altered')
    await details.getByRole('tree', { name: 'Record' }).getByText('192.0.2.254').waitFor()
    await details.getByRole('tab', { name: 'Raw' }).click()
    await details.getByText('"eventName":"StopLogging"').first().waitFor()
    await details.getByRole('tab', { name: 'Proof' }).click()
    await details.getByText(/differs from what CloudTrail delivered/).waitFor()
    await details.getByRole('tab', { name: 'Related' }).click()
    await details.getByRole('button', { name: /^same access key/ }).click()
    await expectFound(22)
    await details.getByRole('tab', { name: 'Tree' }).click()
    await details
      .getByRole('tree', { name: 'Record' })
      .getByText('StopLogging', { exact: true })
      .click({ modifiers: ['Alt'] })
    await expectFound(21)
    await details.getByText('Not among the events of this query.').waitFor()
    await page.getByRole('button', { name: 'Close the details' }).click()
    await details.waitFor({ state: 'detached' })
  })

  it('zooms by drag and says what is different in a marked span', async () => {
    await look('#/events')
    await expectFound(82)
    const plot = page.locator('canvas').first()
    const box = (await plot.boundingBox())!
    const drag = async (from: number, to: number): Promise<void> => {
      await page.mouse.move(box.x + box.width * from, box.y + 50)
      await page.mouse.down()
      await page.mouse.move(box.x + box.width * to, box.y + 50, { steps: 4 })
      await page.mouse.up()
    }
    await page.keyboard.down('Shift')
    await drag(0.8, 0.995)
    await page.keyboard.up('Shift')
    const different = page.getByRole('region', { name: 'What is different here' })
    await different.getByText('22 events here').waitFor()
    await different
      .getByRole('button', { name: /AccessDenied/ })
      .first()
      .waitFor()
    await different.getByRole('button', { name: 'Zoom into the span' }).click()
    await expectFound(22)
    await page.keyboard.press('[')
    await expectFound(82)
    await drag(0.8, 0.995)
    await expectFound(22)
    await look('#/events')
    await expectFound(82)
  })

  it('says why nothing is found, that this proves nothing, and leads back', async () => {
    await look('#/events?q=DeleteTrail&is.awsRegion=us-east-1')
    await page.getByRole('heading', { name: 'No event matches' }).waitFor()
    await page.getByText('That no event is found is not proof that nothing happened.').waitFor()
    await page.getByRole('button', { name: 'Without the search: 82 events' }).click()
    await expectFound(82)
    await look('#/events')
  })

  it('folds noise only as a filter that can be seen', async () => {
    await page.getByRole('button', { name: 'Fold noise' }).click()
    await page.getByRole('menuitem', { name: 'Reads' }).click()
    await expect.poll(() => page.getByRole('group', { name: 'Filters' }).textContent()).toContain('readOnly')
    await page.getByRole('button', { name: 'Take off all filters' }).click()
    await expectFound(82)
  })

  it('shows any field as a column, and keeps the columns of the case', async () => {
    await page.getByRole('button', { name: 'Columns' }).click()
    await page.getByRole('searchbox', { name: 'Find a column' }).fill('userIdentity.type')
    await page.getByRole('checkbox', { name: 'userIdentity.type' }).click({ force: true })
    await page.keyboard.press('Escape')
    await grid().getByRole('columnheader', { name: 'userIdentity.type' }).waitFor({ state: 'attached' })
    await page.reload()
    await grid().getByRole('columnheader', { name: 'userIdentity.type' }).waitFor({ state: 'attached' })
  })

  it('says that an answer takes long, stops it, and asks again', async () => {
    const slow = await page.context().newPage()
    let isHeld = false
    const cancelled: string[] = []
    // Between the window and the real engine: answers are lost while they are held.
    await slow.routeWebSocket(/.*/, (socket) => {
      const engine = socket.connectToServer()
      socket.onMessage((message) => {
        if (String(message).includes('"cancel"')) cancelled.push(String(message))
        engine.send(message)
      })
      engine.onMessage((message) => {
        if (!isHeld) socket.send(message)
      })
    })
    await slow.goto(new URL('#/events', new URL(host.address).origin).href)
    const found = slow.getByRole('status', { name: 'Events found' })
    await expect.poll(() => found.textContent()).toBe('82 of 82 events')
    isHeld = true
    await slow.evaluate(() => (location.hash = '#/events?q=StopLogging'))
    await slow.getByRole('status', { name: 'Being answered' }).getByRole('button', { name: 'Stop' }).click()
    await slow.getByRole('status', { name: 'Stopped' }).waitFor()
    expect(cancelled.length).toBeGreaterThan(0)
    expect(await found.textContent()).toBe('82 of 82 events')
    isHeld = false
    await slow.getByRole('button', { name: 'Ask again' }).click()
    await expect.poll(() => found.textContent()).toBe('1 of 82 events')
    await expect.poll(() => slow.getByRole('status', { name: 'Stopped' }).count()).toBe(0)
    await slow.close()
  })

  it('passes axe-core with details open, in light and dark', async () => {
    await look('#/events?q=StopLogging')
    await expectFound(1)
    await rows().nth(1).getByText('StopLogging').dblclick()
    await page.getByRole('complementary', { name: 'Event details' }).getByRole('tree').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await axeFindings(page)).toEqual([])
  })

  it('leaves no complaint in the browser', () => {
    expect(watched.complaints).toEqual([])
  })
})
