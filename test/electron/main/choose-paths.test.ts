import { describe, expect, it } from 'vitest'
import { choosePaths, plainFileName } from '#electron/main/choose-paths.ts'
import type { Purpose } from '#electron/web-host/grants.ts'
import { fakeElectron } from '#test/fixtures/fake-electron.ts'

function choose(
  purpose: Purpose,
  choices: readonly (readonly string[] | number)[],
  suggestedName?: string,
  platform: NodeJS.Platform = 'linux',
) {
  const electron = fakeElectron()
  electron.choices.push(...choices)
  const paths = choosePaths(electron.api.dialog, {} as never, purpose, suggestedName, platform)
  return { paths, dialogs: electron.dialogs }
}

describe('the dialogs', () => {
  it('ask for a case to open, and give nothing when they are closed', async () => {
    expect(await choose('open-case', [['/a.trailcase']]).paths).toEqual(['/a.trailcase'])
    expect(await choose('open-case', []).paths).toEqual([])
    expect(await choose('save', []).paths).toEqual([])
  })

  it('ask first whether the evidence is a folder or files, but for macOS, where one dialog takes both', async () => {
    const folder = choose('evidence', [0, ['/evidence']])
    expect(await folder.paths).toEqual(['/evidence'])
    expect(folder.dialogs[1]).toMatchObject({
      properties: expect.arrayContaining(['openDirectory', 'multiSelections']),
    })
    const files = choose('evidence', [1, ['/a.json.gz', '/b.zip']])
    expect(await files.paths).toEqual(['/a.json.gz', '/b.zip'])
    expect(files.dialogs[1]).toMatchObject({ properties: expect.arrayContaining(['openFile', 'multiSelections']) })
    expect(await choose('evidence', [2]).paths).toEqual([])
    const mac = choose('evidence', [['/evidence']], undefined, 'darwin')
    expect(await mac.paths).toEqual(['/evidence'])
    expect(mac.dialogs).toHaveLength(1)
  })

  it('ask for one table when tags and comments come back', async () => {
    const asked = choose('annotations', [['/back.csv']])
    expect(await asked.paths).toEqual(['/back.csv'])
    expect(asked.dialogs[0]).toMatchObject({ properties: ['openFile'] })
  })

  it('give a new case its extension', async () => {
    expect(await choose('new-case', [['/cases/acme']]).paths).toEqual(['/cases/acme.trailcase'])
    expect(await choose('new-case', [['/cases/acme.trailcase']]).paths).toEqual(['/cases/acme.trailcase'])
  })

  it('suggest a plain name, whatever the window says', async () => {
    const asked = choose('save', [['/x']], '../../etc/cron.d/evil\u202egpj.exe')
    await asked.paths
    expect(asked.dialogs[0]).toMatchObject({ defaultPath: 'evil_gpj.exe' })
    expect(plainFileName('C:\\Windows\\report.pdf')).toBe('report.pdf')
    expect(plainFileName('a:b|c?.csv')).toBe('a_b_c_.csv')
    expect(plainFileName('...')).toBe('')
    expect(plainFileName('x'.repeat(500))).toHaveLength(150)
    const none = choose('save', [['/x']], '..')
    await none.paths
    expect(none.dialogs[0]).not.toHaveProperty('defaultPath')
  })
})
