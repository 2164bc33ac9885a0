import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ensure } from '#shared/base/assert.ts'
import { evidence, writeFiles } from '#test/fixtures/evidence.ts'
import { json, trailcase } from './cli.ts'
import { errorShape, integrityShape } from './shapes.ts'

const folder = mkdtempSync(join(tmpdir(), 'trailcase-cli-integrity-'))
const at = (name: string) => join(folder, name)
const source = evidence(`
  09:00 alice ConsoleLogin
  09:01 alice AssumeRole -> admin
  10:02 admin StopLogging !altered`)
const isKey = (path: string) => path.startsWith('public-keys')

beforeAll(async () => {
  writeFiles(
    at('evidence'),
    source.files.filter((file) => !isKey(file.path)),
  )
  writeFiles(
    at('keys'),
    source.files.filter((file) => isKey(file.path)),
  )
  evidence('09:00 alice ListUsers').writeTo(at('sound'))
  for (const name of ['evidence', 'sound']) {
    const run = await trailcase(['import', at(`${name}-case`), at(name)])
    if (run.code === null || run.code > 1) throw new Error(run.err)
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('integrity', () => {
  it('gives the promised JSON and exit code 0 when nothing speaks against the evidence', async () => {
    const run = await trailcase(['integrity', at('sound-case'), '--json'], { examiner: null })
    expect(run).toMatchObject({ code: 0, err: '' })
    expect(integrityShape.parse(JSON.parse(run.text))).toMatchObject({
      clean: true,
      logs: { proven: 1, total: 1 },
      findings: [],
    })
  })

  it('says it in a sentence for people, with what was found', async () => {
    const run = await trailcase(['integrity', at('sound-case')], { examiner: null })
    expect(run.text.split('\n')[0]).toBe('Integrity: 1 of 1 log file is proven.')
  })

  it('adds keys to the case, judges again and gives exit code 1 for altered evidence', async () => {
    const before = integrityShape.parse(await json(['integrity', at('evidence-case')], { examiner: null }))
    expect(before).toMatchObject({ digests: { authentic: 0, consistent: before.digests.total }, logs: { proven: 0 } })
    const run = await trailcase(['integrity', at('evidence-case'), '--keys', at('keys'), '--json'])
    expect(run.code).toBe(1)
    const after = integrityShape.parse(JSON.parse(run.text))
    expect(after).toMatchObject({
      clean: false,
      digests: { authentic: before.digests.total },
      logs: { proven: 1, modified: 1 },
    })
    expect(after.findings.map((finding) => `${finding.severity} ${finding.code}`)).toEqual(['high LOG_MODIFIED'])
    expect(integrityShape.parse(await json(['integrity', at('evidence-case')], { examiner: null }))).toEqual(after)
  })

  it('refuses to add keys when nobody says who adds them, and names a path that is not there', async () => {
    const nobody = await trailcase(['integrity', at('sound-case'), '--keys', at('keys'), '--json'], { examiner: null })
    expect([nobody.code, errorShape.parse(JSON.parse(nobody.text)).error.code]).toEqual([2, 'no-examiner'])
    const missing = await trailcase(['integrity', at('sound-case'), '--keys', at('nowhere')])
    expect([missing.code, missing.err]).toEqual([2, expect.stringContaining('cannot be found')])
  })

  it('says when what was given holds neither keys nor signatures', async () => {
    writeFileSync(at('letter.txt'), 'Dear colleague')
    const run = await trailcase(['integrity', at('sound-case'), '--keys', at('letter.txt')])
    expect(run.code).toBe(0)
    expect(run.err).toContain('No public keys and no signatures were found in 1 file')
  })

  it('shows coverage by account and region', async () => {
    const cell = z.object({ at: z.string(), state: z.string(), files: z.number() })
    const shape = integrityShape.extend({
      coverage: z.array(z.object({ account: z.string(), region: z.string(), cells: z.array(cell) })),
    })
    const { coverage } = shape.parse(
      await json(['integrity', at('sound-case'), '--coverage', 'hour'], { examiner: null }),
    )
    expect(coverage).toMatchObject([
      {
        account: '111122223333',
        region: 'us-east-1',
        cells: [{ at: '2024-05-01T09:00:00Z', state: 'proven', files: 1 }],
      },
    ])
    const text = (await trailcase(['integrity', at('sound-case'), '--coverage'], { examiner: null })).text
    expect(text).toContain('not proof of silence')
    expect(text).toMatch(/111122223333 +us-east-1 +1\.0/)
  })

  it('prints the acquisition commands and nothing else, as a script that a shell reads', async () => {
    const run = await trailcase(['integrity', at('sound-case'), '--acquisition'], { examiner: null })
    expect(run).toMatchObject({ code: 0, err: '' })
    expect(run.text).toContain("B='evidence-bucket'")
    writeFileSync(at('acquire.sh'), run.text)
    execFileSync('bash', ['-n', at('acquire.sh')])
  })
})

describe('proof', () => {
  const eventID = (n: number) => ensure(source.events[n], 'the story has the line').record['eventID']

  it('gives the card of a proven event, on stdout or in a file', async () => {
    await trailcase(['integrity', at('evidence-case'), '--keys', at('keys')])
    const card = await json(['proof', at('evidence-case'), eventID(0)], { examiner: null })
    expect(card).toMatchObject({ format: 'trailcase-proof-card', record: { eventID: eventID(0) } })
    const run = await trailcase(['proof', at('evidence-case'), eventID(0), '--out', at('card.json')])
    expect(run.code).toBe(0)
    expect(JSON.parse(readFileSync(at('card.json'), 'utf8'))).toMatchObject({
      pieces: (card as { pieces: unknown }).pieces,
    })
    expect((await trailcase(['proof', at('evidence-case'), eventID(0), '--out', at('card.json')])).code).toBe(2)
    expect((await trailcase(['proof', at('evidence-case'), eventID(0), '--out', at('card.pdf')])).text).toContain(
      '1 page',
    )
  })

  it('gives exit code 1 and the reason where there is no proof', async () => {
    const run = await trailcase(['proof', at('evidence-case'), eventID(2)], { examiner: null })
    expect([run.code, run.text]).toEqual([1, expect.stringContaining('There is no proof to print: Altered')])
  })

  it('takes a file by its path', async () => {
    const path = ensure(source.events[0]?.paths[0], 'the login has a file')
    expect(await json(['proof', at('evidence-case'), '--file', path], { examiner: null })).toMatchObject({
      record: null,
      log: { path },
    })
    expect((await trailcase(['proof', at('evidence-case'), '--file', 'no-such-file'])).code).toBe(2)
  })

  it('refuses wrong usage and makes nothing', async () => {
    expect((await trailcase(['proof', at('evidence-case')])).code).toBe(2)
    expect((await trailcase(['proof', at('evidence-case'), eventID(0), '--out', at('card.txt')])).code).toBe(2)
    expect(
      (await trailcase(['proof', at('evidence-case'), eventID(0), '--out', at('none.json')], { examiner: null })).code,
    ).toBe(2)
    expect([existsSync(at('card.txt')), existsSync(at('none.json'))]).toEqual([false, false])
  })
})
