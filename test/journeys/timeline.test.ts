import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axeFindings, chromiumPath } from './browser.ts'
import { isBuilt } from './host.ts'
import { openSmallCase, type SmallCase } from './small-case.ts'

describe.skipIf(chromiumPath === undefined || !isBuilt)('the timeline', () => {
  let small: SmallCase
  beforeAll(async () => {
    small = await openSmallCase()
    await small.look('#/timeline')
    await plot().waitFor()
  })
  afterAll(() => small.close())

  const page = () => small.page
  const plot = () => page().getByRole('application', { name: /events? in .* lanes?/ })
  const lanes = () =>
    page()
      .getByRole('list', { name: /^Lanes by/ })
      .getByRole('listitem')
  const hash = () => page().evaluate(() => decodeURIComponent(location.hash))
  const timeline = () => page().getByRole('region', { name: 'Timeline' })

  it('draws a lane for each principal and states what is drawn', async () => {
    await expect.poll(() => lanes().count()).toBe(4)
    expect(await lanes().first().textContent()).toContain('bob')
    await expect.poll(() => timeline().textContent()).toContain('4 of 4 lanes · 27 of 27 events in range')
    await expect.poll(() => timeline().textContent()).toMatch(/\d of \d credentials/)
  })

  it('cuts the same events by address, and says when nothing carries a tag', async () => {
    await timeline()
      .getByRole('button', { name: /Lanes by/ })
      .click()
    await page().getByRole('option', { name: 'address' }).click()
    await expect
      .poll(() => lanes().allTextContents())
      .toEqual(expect.arrayContaining([expect.stringContaining('203.0.113.7')]))
    expect(await lanes().first().textContent()).toContain('20')
    await timeline()
      .getByRole('button', { name: /Lanes by/ })
      .click()
    await page().getByRole('option', { name: 'tag' }).click()
    await timeline().getByText('No event in this range carries a tag').waitFor()
    await timeline()
      .getByRole('button', { name: /Lanes by/ })
      .click()
    await page().getByRole('option', { name: 'principal' }).click()
  })

  it('zooms with keys and wheel, makes that the range of the query, and comes back', async () => {
    await plot().focus()
    await page().keyboard.press('+')
    await page().keyboard.press('+')
    await expect.poll(hash).toMatch(/from=.*to=/)
    const box = (await plot().boundingBox())!
    await page().mouse.move(box.x + box.width / 2, box.y + 20)
    const before = await hash()
    await page().mouse.wheel(0, -400)
    await expect.poll(hash).not.toBe(before)
    await page().keyboard.press('0')
    await expect.poll(hash).toBe('#/timeline')
  })

  it('says so where nothing happened, and zooms out of there again', async () => {
    await small.look('#/timeline?from=2024-05-01T09:30:00Z&to=2024-05-01T09:40:00Z')
    await timeline().getByText('No event of this query in this range').waitFor()
    await plot().focus()
    await page().keyboard.press('0')
    await expect.poll(hash).toBe('#/timeline')
    await expect.poll(() => lanes().count()).toBe(4)
  })

  it('opens the events of a lane at a moment, from the keyboard', async () => {
    await plot().focus()
    await page().keyboard.press('Home')
    // The first event of the case stands in the first bars of the first lane.
    for (
      let n = 0;
      n < 6 &&
      !(await page()
        .getByText(/^[1-9]\d* events? in/)
        .isVisible());
      n++
    )
      await page().keyboard.press('ArrowRight')
    await page().keyboard.press('Enter')
    await expect.poll(hash).toMatch(/^#\/events\?.*is\.principal=.*bob/)
    await small.look('#/timeline')
  })

  it('shows an exhibit as a pin that leads to its event', async () => {
    const topBefore = (await plot().boundingBox())!.y
    await small.look('#/events?q=eventName:StopLogging')
    await page().getByRole('grid', { name: 'Events' }).getByText('StopLogging').first().click()
    await page().keyboard.press('b')
    await page().getByRole('dialog').getByLabel('Title').fill('Logging stopped')
    await page().keyboard.press('Enter')
    await page().getByText('Bookmarked as AR-0001').waitFor()
    await small.look('#/timeline')
    const pin = page().getByRole('button', { name: 'AR-0001: Logging stopped' })
    await pin.waitFor()
    // Room for labels is taken only once there are some.
    expect((await plot().boundingBox())!.y).toBeGreaterThan(topBefore + 40)
    expect(await axeFindings(page())).toEqual([])
    await pin.click()
    await expect.poll(hash).toMatch(/^#\/events.*event=\d+/)
  })

  it('complains about nothing', () => {
    expect(small.watched.complaints).toEqual([])
  })
})
