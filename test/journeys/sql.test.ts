import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axeFindings, chromiumPath } from './browser.ts'
import { isBuilt } from './host.ts'
import { openSample, type SampleHost } from './sample-host.ts'

describe.skipIf(chromiumPath === undefined || !isBuilt)('the SQL console', () => {
  let sample: SampleHost
  beforeAll(async () => {
    sample = await openSample()
    await sample.look('#/sql')
    await editor().waitFor()
  })
  afterAll(() => sample.close())
  const page = () => sample.watched.page
  const editor = () => page().getByRole('textbox', { name: 'SQL statement' })
  const rows = () => page().getByRole('grid', { name: 'Rows' }).getByRole('row')
  const write = async (text: string): Promise<void> => {
    await editor().click()
    await page().keyboard.press('Control+A')
    await page().keyboard.insertText(text)
  }

  it('runs a ready-made statement at a press, and says how many rows there are', async () => {
    await page().getByRole('button', { name: 'Changes to logging and detection' }).click()
    await expect.poll(() => rows().nth(1).textContent()).toContain('Logging')
    await expect
      .poll(() =>
        page()
          .getByText(/Enter opens the event/)
          .count(),
      )
      .toBe(1)
  })

  it('runs what is written with Mod+Enter, and says aloud when there is more', async () => {
    await write('select eventName, n.value from events, (select 1 as value) n')
    await page().keyboard.press('Escape')
    await page().keyboard.press('Control+Enter')
    await expect.poll(() => page().getByText('1,000 rows in').count()).toBe(1)
    expect(
      await page()
        .getByText(/cut off: there are more/)
        .count(),
    ).toBe(1)
  })

  it('completes the columns of the views', async () => {
    await write('select sessionIss')
    await page().keyboard.press('Control+Space')
    await page().getByRole('option', { name: 'sessionIssuerArn' }).first().waitFor()
    await page().keyboard.press('Escape')
  })

  it('says what is wrong, keeps the rows that are there, and changes nothing', async () => {
    await write('drop table event')
    await page().keyboard.press('Control+Enter')
    await page().getByRole('alert').filter({ hasText: 'SQLite says: near "drop": syntax error' }).waitFor()
    expect(await rows().count()).toBeGreaterThan(1)
    await write('select count(*) as n from events')
    await page().keyboard.press('Control+Enter')
    await expect.poll(() => rows().nth(1).textContent()).toContain('4489')
  })

  it('shows how long it runs, and stops when asked', async () => {
    await write('with recursive x(n) as (select 1 union all select n + 1 from x) select count(*) from x')
    await page().keyboard.press('Control+Enter')
    await page().getByRole('button', { name: 'Cancel' }).click()
    await page().getByRole('alert').filter({ hasText: 'Stopped as you asked.' }).waitFor()
  })

  it('saves a statement in the case, and gives it back', async () => {
    await write('select 42 as answer')
    await page().getByRole('button', { name: 'Save', exact: true }).click()
    await page().getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('The answer')
    await page().getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page().getByRole('dialog').waitFor({ state: 'hidden' })
    await write('select 1')
    await page().getByRole('tab', { name: /Saved/ }).click()
    await page().getByRole('button', { name: 'The answer', exact: true }).click()
    await expect.poll(() => editor().textContent()).toBe('select 42 as answer')
  })

  it('keeps what was run', async () => {
    await page().getByRole('tab', { name: 'History' }).click()
    await expect
      .poll(() =>
        page()
          .getByRole('button', { name: /select count\(\*\) as n from events.*1 row/ })
          .count(),
      )
      .toBe(1)
  })

  it('opens the event of a row', async () => {
    await write(`select _id, eventName from events where eventName = 'StopLogging'`)
    await page().keyboard.press('Control+Enter')
    await expect.poll(() => rows().nth(1).textContent()).toContain('StopLogging')
    await page().getByRole('grid', { name: 'Rows' }).focus()
    await page().keyboard.press('Enter')
    await expect.poll(() => sample.address()).toMatch(/\/events\?event=\d+/)
    await sample.look('#/sql')
    await editor().waitFor()
  })

  it.each(['light', 'dark'] as const)('has nothing that axe objects to, in %s', async (colorScheme) => {
    await page().emulateMedia({ colorScheme })
    await page().getByRole('button', { name: 'Who was denied what' }).click()
    await expect.poll(() => rows().count()).toBeGreaterThan(5)
    expect(await axeFindings(page())).toEqual([])
  })

  it('complains of nothing', () => {
    expect(sample.watched.complaints).toEqual([])
  })
})
