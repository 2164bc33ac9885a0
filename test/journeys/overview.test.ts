import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axeFindings, chromiumPath } from './browser.ts'
import { isBuilt } from './host.ts'
import { openSample, type SampleHost } from './sample-host.ts'

describe.skipIf(chromiumPath === undefined || !isBuilt)('the overview', () => {
  let sample: SampleHost
  beforeAll(async () => {
    sample = await openSample()
    await sample.look('#/overview')
    await page()
      .getByRole('heading', { name: /Look here first/ })
      .waitFor()
  })
  afterAll(() => sample.close())
  const page = () => sample.watched.page
  const back = async (): Promise<void> => {
    await sample.look('#/overview')
    await page()
      .getByRole('heading', { name: /Look here first/ })
      .waitFor()
  }

  it('says how much there is and how much of it is proven', async () => {
    await expect
      .poll(() =>
        page()
          .getByText(/events in 2 accounts and 4 regions/)
          .count(),
      )
      .toBe(1)
    expect(await page().getByTitle('Go to Evidence').textContent()).toMatch(
      /altered.*671 of 676 log files are proven: 1 altered/,
    )
  })

  it('puts the stopped trail first, and leads to exactly its events', async () => {
    const first = page().getByRole('group', { name: 'What to look at first' }).getByRole('listitem').first()
    expect(await first.textContent()).toMatch(/^4Logging stopped, narrowed or deleted1 denied/)
    await first.getByRole('button').click()
    await expect.poll(() => sample.address()).toContain('/events?q=eventName:(StopLogging OR')
    await expect
      .poll(() => page().getByRole('status', { name: 'Events found' }).textContent())
      .toBe('4 of 4,489 events')
    await back()
  })

  it('says what was looked for in vain, and what a zero does not say', async () => {
    await expect
      .poll(() =>
        page()
          .getByText(/Looked for and not found:.*Use of the root user/)
          .count(),
      )
      .toBe(1)
    await expect
      .poll(() =>
        page()
          .getByText(/No network activity events in this evidence/)
          .count(),
      )
      .toBe(1)
  })

  it('leads from an hour that stands out to the refusals of that hour', async () => {
    await page()
      .getByRole('list', { name: 'Hours that stand out' })
      .getByRole('button', { name: /Denied/ })
      .click()
    await expect
      .poll(() => sample.address())
      .toMatch(/events\?q=access:denied&from=2026-02-10T08:00:00Z&to=2026-02-10T09:00:00Z/)
    await expect
      .poll(() => page().getByRole('status', { name: 'Events found' }).textContent())
      .toBe('18 of 4,489 events')
    await back()
  })

  it('shows an Insights event as one thing with its rates', async () => {
    await sample.look('#/overview')
    const line = page().getByRole('button', { name: /RunInstances calls: 2.4 per minute instead of 0/ })
    await line.waitFor()
    expect(await line.textContent()).toContain('for 10 min')
  })

  it('follows the range and the search', async () => {
    await sample.look('#/overview?q=awsRegion:sa-east-1')
    await expect
      .poll(() =>
        page()
          .getByText(/of 4,489 events in 1 account and 1 region/)
          .count(),
      )
      .toBe(1)
    await sample.look('#/overview?q=eventName:NoSuchCall')
    await page().getByRole('heading', { name: 'No event matches the query' }).waitFor()
    await page().getByRole('button', { name: 'All events' }).click()
    await page()
      .getByRole('heading', { name: /Look here first/ })
      .waitFor()
  })

  it('leads from a principal to its page', async () => {
    await page().getByRole('button', { name: 'Open the page of arn:aws:iam::111122223333:user/ci-deploy' }).click()
    await page().getByRole('heading', { level: 1, name: 'arn:aws:iam::111122223333:user/ci-deploy' }).waitFor()
    await back()
  })

  it.each(['light', 'dark'] as const)('has nothing that axe objects to, in %s', async (colorScheme) => {
    await page().emulateMedia({ colorScheme })
    await back()
    await page().mouse.move(0, 0)
    // The colours change over a frame or two.
    await page().waitForFunction(
      (dark) => (getComputedStyle(document.body).backgroundColor === 'rgb(255, 255, 255)') !== dark,
      colorScheme === 'dark',
    )
    expect(await axeFindings(page())).toEqual([])
  })

  it('complains of nothing', () => {
    expect(sample.watched.complaints).toEqual([])
  })
})
