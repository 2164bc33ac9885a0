import { describe, expect, it } from 'vitest'
import { startArguments } from '#electron/main/start-arguments.ts'

const start = (...args: readonly string[]) => startArguments(args, '/home/alice/cases')

describe('what a start asks for', () => {
  it('is a case, seen from the folder it was started in', () => {
    expect(start('acme.trailcase').casePath).toBe('/home/alice/cases/acme.trailcase')
    expect(start('/media/stick/ACME.TRAILCASE').casePath).toBe('/media/stick/ACME.TRAILCASE')
  })

  it('is a package to look at, which is no case', () => {
    for (const name of ['acme.tcase', 'acme.tcase.zip', 'ACME.TCASE.ZIP', 'acme.tcase.zip.age', 'acme.tcase.age'])
      expect(start(name)).toMatchObject({ casePath: undefined, packagePath: `/home/alice/cases/${name}` })
  })

  it('is the case among what Chromium adds to a second start', () => {
    expect(
      start(
        '/opt/Trailcase/trailcase',
        '--allow-file-access-from-files',
        '--enable-features=x.trailcase',
        'acme.trailcase',
      ).casePath,
    ).toBe('/home/alice/cases/acme.trailcase')
  })

  it('is no other file, no switch, and no address', () => {
    for (const arg of [
      'notes.txt',
      'acme.zip',
      'acme.age',
      '--x.trailcase',
      '--x.tcase',
      'https://example.com/',
      '.',
      '',
    ])
      expect(start(arg)).toEqual({ casePath: undefined, packagePath: undefined, examiner: undefined })
  })

  it('says who works on the case', () => {
    expect(start('--examiner', 'A. Analyst', 'acme.trailcase')).toEqual({
      casePath: '/home/alice/cases/acme.trailcase',
      packagePath: undefined,
      examiner: 'A. Analyst',
    })
    expect(start('--examiner=A. Analyst').examiner).toBe('A. Analyst')
    expect(start('--examiner', 'odd.trailcase')).toEqual({
      casePath: undefined,
      packagePath: undefined,
      examiner: 'odd.trailcase',
    })
    expect(start('--examiner', '  ').examiner).toBeUndefined()
    expect(start().examiner).toBeUndefined()
  })
})
