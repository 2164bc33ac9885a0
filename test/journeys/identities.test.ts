import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backdoorKey, ciKey } from '#engine/sample/world.ts'
import { axeFindings, chromiumPath } from './browser.ts'
import { isBuilt } from './host.ts'
import { openSample, type SampleHost } from './sample-host.ts'

describe.skipIf(chromiumPath === undefined || !isBuilt)('identities', () => {
  let sample: SampleHost
  beforeAll(async () => {
    sample = await openSample()
    await sample.look('#/identities')
    await grid('Principals').waitFor()
  })
  afterAll(() => sample.close())
  const page = () => sample.watched.page
  const grid = (name: string) => page().getByRole('grid', { name })
  const lookAt = (about: string) => sample.look(`#/identities?about=${encodeURIComponent(about)}`)

  it('lists principals, the most active first, and says how many of how many', async () => {
    await expect
      .poll(() => grid('Principals').getByRole('row').nth(1).textContent())
      .toContain('assumed-role/monitoring/prober')
    await expect.poll(() => page().getByText('45 of 45 principals').count()).toBe(1)
  })

  it('searches and sorts', async () => {
    await page().getByRole('searchbox', { name: 'Search in principals' }).fill('telemetry')
    await expect
      .poll(() =>
        page()
          .getByText(/of 45 principals that contain “telemetry”/)
          .count(),
      )
      .toBe(1)
    await grid('Principals').getByRole('button', { name: 'First seen' }).click()
    await expect.poll(() => grid('Principals').getByRole('row').nth(1).textContent()).toContain('svc-telemetry-sync')
    await page().getByRole('searchbox', { name: 'Search in principals' }).fill('nobody at all')
    await page().getByRole('heading', { name: 'No value contains this text' }).waitFor()
    await page().getByRole('searchbox', { name: 'Search in principals' }).fill('')
  })

  it('opens the page of an access key by keyboard, and comes back with Escape', async () => {
    await page().getByRole('tab', { name: 'Access keys' }).click()
    await grid('Access keys').waitFor()
    await expect.poll(() => grid('Access keys').getByRole('row').count()).toBeGreaterThan(5)
    await grid('Access keys').focus()
    await page().keyboard.press('Enter')
    await page()
      .getByRole('heading', { level: 2, name: /^Calls/ })
      .waitFor()
    await page().keyboard.press('Escape')
    await page().getByRole('tab', { name: 'Access keys' }).waitFor()
  })

  it('draws where the backdoor key came from and what it made', async () => {
    await lookAt(`key:${backdoorKey}`)
    const tree = page().getByRole('list', { name: 'Credentials', exact: true })
    await tree.waitFor()
    const nodes = await tree.getByRole('listitem').allTextContents()
    expect(nodes[0]).toContain(ciKey)
    expect(nodes[1]).toContain(backdoorKey)
    expect(nodes[1]).toContain('CreateAccessKey')
    expect(nodes[2]).toContain('AssumeRole')
    await tree.getByRole('button', { name: ciKey }).click()
    await page().getByRole('heading', { level: 1, name: ciKey }).waitFor()
  })

  it('leads from every number to its events', async () => {
    await lookAt(`key:${ciKey}`)
    await page().getByRole('heading', { level: 1, name: ciKey }).waitFor()
    await page().getByRole('button', { name: '13 denied', exact: true }).first().click()
    await expect
      .poll(() => page().getByRole('status', { name: 'Events found' }).textContent())
      .toBe('13 of 4,489 events')
    expect(await sample.address()).toContain(`userIdentity.accessKeyId:"${ciKey}" access:denied`)
  })

  it('tells what was new to the whole case', async () => {
    await lookAt('principal:arn:aws:iam::111122223333:user/ci-deploy')
    await page().getByRole('button', { name: 'of the whole case' }).click()
    await expect
      .poll(() =>
        page()
          .getByRole('button', { name: /address 203\.0\.113\.66/ })
          .count(),
      )
      .toBe(1)
  })

  it('has pages for sessions and buckets, reached from lists and from each other', async () => {
    await sample.look('#/identities')
    await page().getByRole('tab', { name: 'Buckets' }).click()
    await grid('Buckets').waitFor()
    await page().getByRole('searchbox', { name: 'Search in buckets' }).fill('payments-exports')
    await expect.poll(() => grid('Buckets').getByRole('row').count()).toBe(2)
    await grid('Buckets').focus()
    await page().keyboard.press('Enter')
    await page().getByRole('heading', { level: 1, name: 'northwind-payments-exports' }).waitFor()
    await page()
      .getByRole('heading', { level: 2, name: /^Principals/ })
      .waitFor()
    const session = 'arn:aws:sts::444455556666:assumed-role/PaymentsAdmin/telemetry'
    await lookAt(`session:${session}`)
    await page().getByRole('heading', { level: 1, name: session }).waitFor()
    await page().getByRole('list', { name: 'Credentials', exact: true }).waitFor()
    expect(await axeFindings(page())).toEqual([])
  })

  it('says so where nothing is', async () => {
    await lookAt('address:192.0.2.254')
    await page().getByRole('heading', { name: 'No event of the query has this value' }).waitFor()
  })

  it.each(['light', 'dark'] as const)('has nothing that axe objects to, in %s', async (colorScheme) => {
    await page().emulateMedia({ colorScheme })
    await sample.look('#/identities')
    await page().getByRole('grid').first().waitFor()
    expect(await axeFindings(page())).toEqual([])
    await lookAt(`key:${backdoorKey}`)
    await page().getByRole('list', { name: 'Credentials', exact: true }).waitFor()
    expect(await axeFindings(page())).toEqual([])
  })

  it('complains of nothing', () => {
    expect(sample.watched.complaints).toEqual([])
  })
})
