import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keyFiles } from '../electron/engine/exchange/handover/packing.ts'
import { evidence } from '../fixtures/evidence.ts'
import { axeFindings, chromiumPath, launchChromium } from './browser.ts'
import { isBuilt, newFolder, runTrailcase, startHost, type RunningHost } from './host.ts'

describe.skipIf(chromiumPath === undefined || !isBuilt)('a case that is handed over', () => {
  let browser: Browser
  let host: RunningHost
  let page: Page
  let complaints: readonly string[]
  const at = (name: string): string => join(host.folder, 'root', name)
  beforeAll(async () => {
    const folder = newFolder()
    const path = join(folder, 'root', 'case.trailcase')
    evidence('09:00 alice ListBuckets\n09:10 bob StopLogging').writeTo(join(folder, 'evidence'))
    await runTrailcase(folder, 'new', path, '--title', 'Leaked key', '--number', 'ACME-1', '--examiner', 'A. Rossi')
    await runTrailcase(folder, 'import', path, join(folder, 'evidence'), '--examiner', 'A. Rossi')
    await runTrailcase(folder, 'tag', path, 'exfil', '--query', 'StopLogging', '--examiner', 'A. Rossi')
    const phrase = join(folder, 'phrase')
    writeFileSync(phrase, 'correct horse battery\n')
    const secret = join(folder, 'root', 'secret.tcase.zip.age')
    await runTrailcase(folder, 'pack', path, '--out', secret, '--passphrase-file', phrase, '--examiner', 'A. Rossi')
    // A colleague goes on with a copy of the case, bookmarks an event and words the tag otherwise than is done here.
    const [theirs, base] = [join(folder, 'theirs.trailcase'), join(folder, 'base.tcase.zip')]
    const stop = ['tag', '--query', 'StopLogging', '--description'] as const
    const word = (file: string, words: string, who: string) =>
      runTrailcase(folder, stop[0], file, 'exfil', ...stop.slice(1), words, '--examiner', who)
    await runTrailcase(folder, 'pack', path, '--out', base, '--examiner', 'A. Rossi')
    await runTrailcase(folder, 'unpack', base, '--out', theirs, '--examiner', 'K. Meyer')
    const listed = await runTrailcase(folder, 'events', theirs, 'StopLogging', '--json')
    const { events } = JSON.parse(listed.stdout) as { events: { eventID: string }[] }
    const table = `event_id,tags,comment\n${events[0]?.eventID ?? ''},reviewed,Nobody ordered this\nunknown,x,\n`
    writeFileSync(join(folder, 'root', 'reviewed.csv'), table)
    writeFileSync(join(folder, 'root', 'twice.csv'), 'event_id,tags,tags\na,b,c\n')
    await runTrailcase(
      folder,
      'bookmark',
      theirs,
      events[0]?.eventID ?? '',
      '--title',
      'Seen',
      '--examiner',
      'K. Meyer',
    )
    await word(theirs, 'data that left', 'K. Meyer')
    await word(path, 'suspected theft', 'A. Rossi')
    const back = join(folder, 'root', 'back.tcase.zip')
    await runTrailcase(folder, 'pack', theirs, '--out', back, '--examiner', 'K. Meyer')
    const keys = await keyFiles()
    writeFileSync(join(folder, 'root', 'cheap.key'), keys.secret)
    host = await startHost({ folder, case: path, examiner: 'A. Rossi' })
    browser = await launchChromium()
    ;({ page, complaints } = await host.open(browser, { forAxe: true }))
    await page.getByRole('contentinfo').getByText('A. Rossi').waitFor()
  })
  afterAll(async () => {
    await browser.close()
    await host.close()
  })

  const dialog = (name: string | RegExp) => page.getByRole('dialog', { name })
  const press = (label: string) => page.getByRole('button', { name: label, exact: true }).click()
  const saveAs = async (title: string, name: string): Promise<void> => {
    await dialog(title).getByRole('textbox', { name: 'File name' }).fill(name)
    await press('Save here')
  }
  const openPackage = async (title: string, name: string): Promise<void> => {
    await dialog(title).getByRole('row', { name }).dblclick()
    await dialog(`Package ${name}`).waitFor()
  }

  it('says how much goes along, and what is missing before it can be packed', async () => {
    await page.keyboard.press('P')
    const form = dialog('Hand the case over')
    await form.getByText(/\d+ originals, \d+ annotations: about/).waitFor()
    await form.getByRole('checkbox', { name: 'Sign it with' }).click({ force: true })
    await form.getByText('Choose the signing key, or make one.').waitFor()
    expect(await form.getByRole('button', { name: 'Choose the file and pack' }).isDisabled()).toBe(true)
    expect(await axeFindings(page)).toEqual([])
  })

  it('makes a signing key here, with a fingerprint to read out', async () => {
    await press('Make a key')
    await dialog('Make a signing key').getByLabel('Passphrase of the new key').fill('correct horse battery')
    await dialog('Make a signing key').getByLabel('The same again').fill('correct horse battery')
    await press('Choose the file and make the key')
    await saveAs('Where to save the key', 'rossi.key')
    const made = dialog('Make a signing key')
    await made.getByText(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/).waitFor({ timeout: 60_000 })
    expect(existsSync(at('rossi.key.pub'))).toBe(true)
    expect(await axeFindings(page)).toEqual([])
    await press('Back to the package')
  })

  it('packs, signs, and shows the hash with commands that check it', async () => {
    const form = dialog('Hand the case over')
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press('Choose the key file')])
    await chooser.setFiles(at('cheap.key'))
    await form.getByText('cheap.key').waitFor()
    await form.getByLabel('Passphrase of the key').fill('passphrase')
    await form.getByLabel('Handed to').fill('K. Meyer')
    await form.getByLabel('Reason').fill('second opinion')
    await form.getByLabel('Medium').fill('stick 7')
    await press('Choose the file and pack')
    await saveAs('Where to save the package', 'acme.tcase.zip')
    const done = dialog('The package is written')
    await done.getByText('Signed with the key').waitFor({ timeout: 30_000 })
    await done.getByText("sha256sum 'acme.tcase.zip'").waitFor()
    await done.getByText('minisign -V').waitFor()
    expect(await axeFindings(page)).toEqual([])
  })

  it('is not packed when the person cancels: no file stays that could be taken for a package', async () => {
    await dialog('The package is written').getByRole('button', { name: 'Close' }).last().click()
    await page.keyboard.press('P')
    const before = readdirSync(at('')).sort()
    const form = dialog('Hand the case over')
    // A passphrase is stretched for about a second, so there is something to cancel.
    await form.getByText('Who has the passphrase', { exact: true }).click()
    await form.getByLabel('Passphrase of the package').fill('correct horse battery')
    await form.getByLabel('The same once more').fill('correct horse battery')
    await press('Choose the file and pack')
    await saveAs('Where to save the package', 'given-up.tcase.zip.age')
    await dialog('Packing the case').getByRole('button', { name: 'Cancel' }).click()
    await form.waitFor({ timeout: 30_000 })
    expect(readdirSync(at('')).sort()).toEqual(before)
    await form.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'ACME-1' }).click()
    await page.getByRole('menuitem', { name: 'Custody transfers' }).click()
    await dialog('Custody transfers').getByText('3 transfers, newest first').waitFor()
  })

  it('prints the transfer record as a form to sign', async () => {
    const list = dialog('Custody transfers')
    await list.getByText('A. Rossi to K. Meyer: second opinion, on stick 7').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await list.getByRole('button', { name: 'Form to sign' }).first().click()
    await saveAs('Where to save the form', 'form.pdf')
    await page.getByText('The form is written to form.pdf').waitFor()
    expect(readFileSync(at('form.pdf')).subarray(0, 5).toString('latin1')).toBe('%PDF-')
    await list.getByRole('button', { name: 'Close' }).last().click()
  })

  it('is looked at before anything is imported: whole, and signed with a key that must be compared first', async () => {
    await page.keyboard.press('O')
    await openPackage('Look at a package', 'acme.tcase.zip')
    const shown = dialog('Package acme.tcase.zip')
    await shown.getByText('Whole', { exact: true }).waitFor()
    await shown.getByText('ACME-1 Leaked key').waitFor()
    await shown.getByText('Signed with an unknown key').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await shown.getByLabel('Whose key it is').fill('A. Rossi')
    await press('They read out the same: know this key')
    await shown.getByText('Signed with a known key: A. Rossi').waitFor()
    await shown.getByRole('button', { name: 'Close' }).last().click()
  })

  it('is not imported when a byte of it differs', async () => {
    const bytes = readFileSync(at('acme.tcase.zip'))
    const evidenceEntry = bytes.indexOf('data/evidence/')
    bytes[evidenceEntry + 200]! ^= 1
    writeFileSync(at('hurt.tcase.zip'), bytes)
    await page.keyboard.press('O')
    await openPackage('Look at a package', 'hurt.tcase.zip')
    const shown = dialog('Package hurt.tcase.zip')
    await shown.getByText('Not whole', { exact: true }).waitFor()
    expect(await shown.getByRole('button', { name: 'Make a case from it' }).isDisabled()).toBe(true)
    expect(await axeFindings(page)).toEqual([])
    await shown.getByRole('button', { name: 'Close' }).last().click()
  })

  it('asks for the passphrase of an encrypted one, and says what is safe until it is right', async () => {
    await page.keyboard.press('O')
    await openPackage('Look at a package', 'secret.tcase.zip.age')
    const shown = dialog('Package secret.tcase.zip.age')
    await shown.getByText('This package is encrypted.').waitFor()
    await shown.getByText('Nothing was imported').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await shown.getByLabel('Passphrase of the package').fill('wrong')
    await press('Look again')
    await shown.getByRole('alert').waitFor({ timeout: 30_000 })
    await shown.getByLabel('Passphrase of the package').fill('correct horse battery')
    await press('Look again')
    await shown.getByText('Unsigned', { exact: true }).waitFor({ timeout: 30_000 })
  })

  it('makes no case when the person cancels: nothing of the package stays', async () => {
    const before = readdirSync(at('')).sort()
    await press('Make a case from it')
    await press('Choose where to save')
    await saveAs('Where to save the case', 'given-up.trailcase')
    await dialog('Making the case').getByRole('button', { name: 'Cancel' }).click()
    await dialog('Make a case from the package').waitFor({ timeout: 30_000 })
    expect(readdirSync(at('')).sort()).toEqual(before)
    await dialog('Make a case from the package').getByRole('button', { name: 'Back' }).click()
    await dialog('Package secret.tcase.zip.age').getByRole('button', { name: 'Close' }).last().click()
  })

  it('takes back tags and comments from a table: first what they would add, then as one act that can be undone', async () => {
    await page.keyboard.press('I')
    const start = dialog('Tags and comments from a file')
    await start.getByRole('button', { name: 'Choose the file' }).waitFor()
    expect(await axeFindings(page)).toEqual([])
    await page.keyboard.press('Enter')
    await dialog('Which file came back').getByRole('row', { name: 'reviewed.csv' }).dblclick()
    const found = dialog('What the file would add')
    await found.getByText('1 new tag on events, 1 new bookmark.').waitFor()
    await found.getByText('line 3: This case has no such event.').waitFor()
    await found.getByLabel('Who wrote the comments').fill('K. Meyer')
    expect(await axeFindings(page)).toEqual([])
    await found.getByRole('button', { name: 'Add to the case' }).click()
    const added = dialog('Added')
    await added.getByText('From reviewed.csv, as one act').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await added.getByRole('button', { name: 'Take it back' }).click()
    await page.getByText('Taken back: read 1 tag, 1 bookmark from "reviewed.csv"').waitFor()
  })

  it('refuses a table that cannot be understood, and says what is safe', async () => {
    await page.keyboard.press('I')
    await press('Choose the file')
    await dialog('Which file came back').getByRole('row', { name: 'twice.csv' }).dblclick()
    const refused = dialog('Nothing was added')
    await refused.getByText('The heading has the column tags twice').waitFor()
    await refused.getByText('The case is as it was.').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await refused.getByRole('button', { name: 'Back' }).click()
    await dialog('Tags and comments from a file').getByRole('button', { name: 'Cancel' }).click()
  })

  it('takes back what a colleague did: a preview first, then both versions of a conflict and a choice', async () => {
    await page.keyboard.press('O')
    await openPackage('Look at a package', 'back.tcase.zip')
    await press('Merge into the open case')
    const preview = dialog('What merging would bring')
    await preview.getByText('1 new bookmark, 1 conflict.').waitFor({ timeout: 30_000 })
    await preview.getByText('suspected theft').waitFor()
    await preview.getByText('data that left').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await press('Merge into the open case')
    const merged = dialog('Merged')
    const versions = merged.getByRole('list', { name: 'Conflicts' })
    await versions.getByText('data that left').waitFor({ timeout: 60_000 })
    expect(await axeFindings(page)).toEqual([])
    await versions.getByRole('button', { name: 'Let this one stand' }).first().click()
    await merged.getByText('All are chosen.').waitFor()
    await merged.getByRole('button', { name: 'Close' }).last().click()
  })

  it('becomes a case again, from the start screen, with the same events', async () => {
    await page.getByRole('button', { name: 'ACME-1' }).click()
    await page.getByRole('menuitem', { name: 'Close the case' }).click()
    await page.getByRole('heading', { name: 'Recent cases' }).waitFor()
    await page.keyboard.press('p')
    await openPackage('Open a package', 'acme.tcase.zip')
    await press('Make a case from it')
    const who = dialog('Make a case from the package')
    await expect.poll(() => who.getByLabel('Examiner').inputValue()).toBe('A. Rossi')
    await press('Choose where to save')
    await saveAs('Where to save the case', 'again.trailcase')
    await dialog('The case is made').getByText('Every file was read here as it was').waitFor({ timeout: 60_000 })
    expect(await axeFindings(page)).toEqual([])
    await press('Show the case')
    await page.getByText('2 of 2 events').first().waitFor()
    expect(existsSync(at('again.trailcase'))).toBe(true)
  })

  it('left no complaint in the browser', () => {
    expect(complaints).toEqual([])
  })
})
