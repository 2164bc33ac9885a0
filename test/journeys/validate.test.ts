import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axeFindings, chromiumPath } from './browser.ts'
import { isBuilt } from './host.ts'
import { openSmallCase, type SmallCase } from './small-case.ts'

describe.skipIf(chromiumPath === undefined || !isBuilt)('validating the installation from the window', () => {
  let small: SmallCase
  beforeAll(async () => {
    small = await openSmallCase()
  })
  afterAll(() => small.close())
  const dialog = () => small.page.getByRole('dialog', { name: 'Validate this installation' })

  it('runs the checks from Help and shows every known answer', async () => {
    await small.page.getByRole('navigation', { name: 'Places' }).waitFor()
    await small.page.keyboard.press('F1')
    await small.page.getByRole('button', { name: 'Validate this installation' }).click()
    const result = dialog().getByRole('status', { name: 'Result of the validation' })
    await result.waitFor({ timeout: 120_000 })
    expect(await result.textContent()).toMatch(/^All \d+ checks gave the known answer\./)
    await dialog().getByText('SHA-256 of "abc" is the value published in FIPS 180-4').waitFor()
    expect((await axeFindings(small.page)).join('\n')).toBe('')
  })

  it('prints the dated page where the person wants it', async () => {
    await dialog().getByRole('button', { name: 'Print the result' }).click()
    const name = await small.page.getByLabel('File name').inputValue()
    expect(name).toMatch(/^trailcase-validation-\d{4}-\d\d-\d\d\.pdf$/)
    await small.page.getByRole('button', { name: 'Save here' }).click()
    await small.page.getByText(`Wrote ${name}`).waitFor()
    expect(
      readFileSync(join(small.folder, 'root', name))
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-')
    await dialog().getByRole('button', { name: 'Close' }).last().click()
  })

  it('leaves the case as it was', async () => {
    await small.look('#/custody')
    const acts = small.page.locator('option')
    await acts.filter({ hasText: /^case\.create$/ }).waitFor({ state: 'attached' })
    expect(await acts.filter({ hasText: /validat/i }).count()).toBe(0)
    expect(small.watched.complaints).toEqual([])
  })
})
