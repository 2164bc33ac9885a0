import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axeFindings, chromiumPath } from './browser.ts'
import { isBuilt } from './host.ts'
import { openSmallCase, type SmallCase } from './small-case.ts'

describe.skipIf(chromiumPath === undefined || !isBuilt)('marking evidence', () => {
  let small: SmallCase
  beforeAll(async () => {
    small = await openSmallCase()
  })
  afterAll(() => small.close())

  const page = () => small.page
  const rows = () => page().getByRole('grid', { name: 'Events' }).getByRole('row')
  const say = (text: string | RegExp) => page().getByText(text).first().waitFor()
  const rowText = (n: number) => rows().nth(n).textContent()

  it('bookmarks the event under the cursor and gives it an exhibit number', async () => {
    await small.look('#/events?q=eventName:StopLogging')
    await rows().nth(1).getByText('StopLogging').click()
    await page().keyboard.press('b')
    const dialog = page().getByRole('dialog', { name: 'Bookmark 1 event' })
    await dialog.getByLabel('Title').fill('Logging stopped')
    expect(await axeFindings(page())).toEqual([])
    await page().keyboard.press('Enter')
    await say('Bookmarked as AR-0001')
    await expect.poll(() => rowText(1)).toContain('AR-0001')
  })

  it('opens the bookmark again with b, and undo takes back the last change only', async () => {
    await rows().nth(1).getByText('StopLogging').click()
    await page().keyboard.press('b')
    const dialog = page().getByRole('dialog', { name: 'Exhibit AR-0001' })
    expect(await dialog.getByLabel('Title').inputValue()).toBe('Logging stopped')
    await dialog.getByLabel('Title').fill('Trail switched off')
    await page().keyboard.press('Enter')
    await say('Changed AR-0001')
    await rows().nth(1).getByText('StopLogging').click()
    await page().keyboard.press('Control+z')
    await say(/^Taken back:/)
    await page().keyboard.press('b')
    expect(await page().getByRole('dialog').getByLabel('Title').inputValue()).toBe('Logging stopped')
    await page().keyboard.press('Escape')
  })

  it('makes a tag with a shape and a technique, and gives it again with a number key', async () => {
    await small.look('#/events?q=userIdentity.type:AssumedRole')
    await expect.poll(() => rowText(1)).toContain('ListBuckets')
    await rows().nth(1).getByText('ListBuckets').click()
    await page().keyboard.press('t')
    const dialog = page().getByRole('dialog', { name: 'Tag 1 event' })
    await dialog.getByLabel('Tag', { exact: true }).fill('discovery')
    await dialog.getByRole('radio', { name: 'blue star' }).click()
    await dialog.getByRole('button', { name: /^T1580/ }).click()
    expect(await axeFindings(page())).toEqual([])
    await dialog.getByRole('button', { name: 'Make the tag and tag' }).click()
    await say('Tagged 1 event with “discovery”')
    await expect.poll(() => rowText(1)).toContain('discovery')
    await rows().nth(2).getByText('CreateUser').click()
    await page().keyboard.press('1')
    await expect.poll(() => rowText(2)).toContain('discovery')
  })

  it('changes how a tag looks, retires it and offers it again', async () => {
    const open = async () => {
      await rows().nth(1).getByText('ListBuckets').click()
      await page().keyboard.press('t')
      return page().getByRole('dialog', { name: 'Tag 1 event' })
    }
    const offered = async () => (await open()).getByRole('group', { name: 'Tags of this case' })
    const dialog = await open()
    await dialog.getByLabel('Tag', { exact: true }).fill('discovery')
    await dialog.getByRole('button', { name: 'Change the tag' }).click()
    expect(await dialog.getByRole('radio', { name: 'blue star' }).getAttribute('aria-checked')).toBe('true')
    expect(await dialog.getByLabel('ATT&CK techniques').inputValue()).toBe('T1580')
    await dialog.getByRole('radio', { name: 'teal pentagon' }).click()
    expect(await axeFindings(page())).toEqual([])
    await dialog.getByRole('button', { name: 'Save the tag' }).click()
    await say('Changed the tag “discovery”')

    const again = await open()
    await again.getByLabel('Tag', { exact: true }).fill('discovery')
    await again.getByRole('button', { name: 'Change the tag' }).click()
    expect(await again.getByRole('radio', { name: 'teal pentagon' }).getAttribute('aria-checked')).toBe('true')
    await again.getByRole('button', { name: 'Retire the tag' }).click()
    await say('Retired the tag “discovery”; events keep it')
    await expect.poll(() => rowText(1)).toContain('discovery')
    const retired = await open()
    expect(await retired.getByRole('group', { name: 'Tags of this case' }).count()).toBe(0)
    await retired.getByLabel('Tag', { exact: true }).fill('discovery')
    await retired.getByRole('button', { name: 'Offer it again' }).click()
    await say('The tag “discovery” is offered again')
    await (await offered()).getByText('discovery').waitFor()
    await page().keyboard.press('Escape')
  })

  it('tags all events of the query at once, says how many, and takes it back from the message', async () => {
    await rows().nth(1).getByText('ListBuckets').click()
    await page().keyboard.press('t')
    const dialog = page().getByRole('dialog')
    await dialog.getByText('All 4 of the query').click()
    await dialog.getByLabel('Tag', { exact: true }).fill('stranger')
    await page().keyboard.press('Enter')
    await say('Tagged 4 events with “stranger”')
    await expect.poll(() => rowText(4)).toContain('stranger')
    await page().getByText('Tagged 4 events').locator('..').getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => rowText(4)).not.toContain('stranger')
  })

  it('tags the rows that are selected', async () => {
    await rows().nth(3).getByText('StopLogging').click()
    await page().keyboard.press('x')
    await page().keyboard.press('j')
    await page().keyboard.press('x')
    await page().keyboard.press('t')
    const dialog = page().getByRole('dialog', { name: 'Tag 2 events' })
    await dialog.getByLabel('Tag', { exact: true }).fill('cover-up')
    await page().keyboard.press('Enter')
    await say('Tagged 2 events with “cover-up”')
    await expect.poll(() => rowText(3)).toContain('cover-up')
    await expect.poll(() => rowText(4)).toContain('cover-up')
    expect(await rowText(1)).not.toContain('cover-up')
  })

  it('complains about nothing', () => {
    expect(small.watched.complaints).toEqual([])
  })
})
