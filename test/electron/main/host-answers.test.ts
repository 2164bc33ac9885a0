import { describe, expect, it } from 'vitest'
import { hostAnswers, spendGrants, type HostParts } from '#electron/main/host-answers.ts'
import { Grants, grantsIn } from '#electron/web-host/grants.ts'
import { RecentCases } from '#electron/web-host/recent-cases.ts'

function answers(parts: Partial<HostParts> = {}) {
  const grants = new Grants()
  const bugs: unknown[] = []
  const ask = hostAnswers(
    {
      version: '1.2.3',
      commit: 'abc',
      startCase: undefined,
      startPackage: undefined,
      examiner: undefined,
      grants,
      recent: new RecentCases('/nowhere/recent-cases.json'),
      choose: () => Promise.resolve(['/evidence/bucket']),
      ...parts,
    },
    (error) => bugs.push(error),
  )
  return { ask, grants, bugs }
}

describe('what main answers', () => {
  it('says what it is, without naming a path', async () => {
    const { ask, grants } = answers({ startCase: '/home/alice/acme.trailcase', examiner: 'A. Analyst' })
    const reply = await ask('host.describe', {})
    expect(reply).toMatchObject({
      ok: true,
      value: {
        kind: 'desktop',
        nativeDialogs: true,
        roots: [],
        examiner: 'A. Analyst',
        startCase: { label: 'acme.trailcase' },
      },
    })
    expect(JSON.stringify(reply)).not.toContain('/home/alice')
    const { startCase } = (reply as unknown as { value: { startCase: { grant: string } } }).value
    expect(spendGrants(grants, 'cases.open', [startCase.grant])).toEqual({
      ok: true,
      value: ['/home/alice/acme.trailcase'],
    })
  })

  it('gives a package that was named at start the right to be looked at, and no other', async () => {
    const { ask, grants } = answers({ startPackage: '/media/stick/acme.tcase.zip' })
    const reply = await ask('host.describe', {})
    expect(JSON.stringify(reply)).not.toContain('/media')
    const { startPackage, startCase } = (
      reply as unknown as { value: { startCase: null; startPackage: { grant: string; label: string } } }
    ).value
    expect({ startCase, label: startPackage.label }).toEqual({ startCase: null, label: 'acme.tcase.zip' })
    expect(spendGrants(grants, 'cases.open', [startPackage.grant])).toMatchObject({ ok: false, code: 'denied' })
    expect(spendGrants(grants, 'packages.inspect', [startPackage.grant])).toEqual({
      ok: true,
      value: ['/media/stick/acme.tcase.zip'],
    })
  })

  it('turns what a person chose into grants: for one purpose, for one use', async () => {
    const { ask, grants } = answers()
    const picked = async (): Promise<string> => {
      const reply = await ask('host.pick', { purpose: 'evidence' })
      expect(JSON.stringify(reply)).not.toContain('/evidence')
      return (reply as unknown as { value: { grants: { grant: string }[] } }).value.grants[0]!.grant
    }
    const grant = await picked()
    expect(spendGrants(grants, 'cases.open', [grant])).toMatchObject({ ok: false, code: 'denied' })
    expect(spendGrants(grants, 'sources.import', [grant])).toEqual({ ok: true, value: ['/evidence/bucket'] })
    expect(spendGrants(grants, 'sources.import', [grant])).toMatchObject({ ok: false, code: 'not-found' })
    expect(spendGrants(grants, 'sources.import', ['made up'])).toMatchObject({ ok: false, code: 'not-found' })
  })

  it('lets a package be read again after it was looked at, and only ever be read', () => {
    const { grants } = answers()
    const grant = grants.give('/stick/case.tcase.zip', 'open-package')
    const target = grants.give('/cases/new.trailcase', 'new-case')
    for (const _ of [1, 2])
      expect(spendGrants(grants, 'packages.inspect', [grant])).toEqual({ ok: true, value: ['/stick/case.tcase.zip'] })
    expect(spendGrants(grants, 'cases.open', [grant])).toMatchObject({ ok: false, code: 'denied' })
    expect(spendGrants(grants, 'packages.unpack', [grant, grant])).toMatchObject({ ok: false, code: 'denied' })
    expect(spendGrants(grants, 'packages.unpack', [target, grant])).toMatchObject({ ok: false, code: 'denied' })
    expect(spendGrants(grants, 'packages.unpack', grantsIn({ grant, target }))).toEqual({
      ok: true,
      value: ['/stick/case.tcase.zip', '/cases/new.trailcase'],
    })
    expect(spendGrants(grants, 'packages.unpack', [grant, target])).toMatchObject({ ok: false, code: 'not-found' })
  })

  it('refuses what is no operation of its own, and input that does not fit', async () => {
    const { ask, bugs } = answers()
    for (const name of ['cases.open', 'constructor', '__proto__', 'host.nothing'])
      expect(await ask(name, {})).toMatchObject({ code: 'unknown-operation' })
    expect(await ask('host.pick', { purpose: 'everything' })).toMatchObject({ code: 'bad-input' })
    expect(await ask('host.browse', { root: 'root0', path: ['etc'] })).toMatchObject({ code: 'bad-input' })
    expect(await ask('host.grant', { root: 'root0', path: ['etc', 'passwd'], purpose: 'evidence' })).toMatchObject({
      code: 'bad-input',
    })
    expect(bugs).toEqual([])
  })

  it('answers a bug with words, and keeps its trace to itself', async () => {
    const { ask, bugs } = answers({ choose: () => Promise.reject(new Error('secret detail')) })
    const reply = await ask('host.pick', { purpose: 'save' })
    expect(reply).toMatchObject({ ok: false, code: 'internal' })
    expect(JSON.stringify(reply)).not.toContain('secret detail')
    expect(bugs).toHaveLength(1)
  })
})
