import { describe, expect, it } from 'vitest'
import { startArguments } from '#electron/main/start-arguments.ts'

const start = (...args: readonly string[]) => startArguments(args, '/home/alice/cases')

describe('what a start asks for', () => {
  it('is a case, seen from the folder it was started in', () => {
    expect(start('acme.trailcase').casePath).toBe('/home/alice/cases/acme.trailcase')
    expect(start('/media/stick/ACME.TRAILCASE').casePath).toBe('/media/stick/ACME.TRAILCASE')
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
    for (const arg of ['notes.txt', 'acme.zip', '--x.trailcase', 'https://example.com/', '.', ''])
      expect(start(arg).casePath).toBeUndefined()
  })

  it('says who works on the case', () => {
    expect(start('--examiner', 'A. Analyst', 'acme.trailcase')).toEqual({
      casePath: '/home/alice/cases/acme.trailcase',
      examiner: 'A. Analyst',
    })
    expect(start('--examiner=A. Analyst').examiner).toBe('A. Analyst')
    expect(start('--examiner', 'odd.trailcase')).toEqual({ casePath: undefined, examiner: 'odd.trailcase' })
    expect(start('--examiner', '  ').examiner).toBeUndefined()
    expect(start().examiner).toBeUndefined()
  })
})
