import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fileNameFor, withExtension } from '#renderer/features/start/file-name.ts'

describe('the file name that is proposed for a case', () => {
  it('takes the number, else the title', () => {
    expect(fileNameFor('ACME-2026-014', 'Leaked key')).toBe('ACME-2026-014.trailcase')
    expect(fileNameFor(' ', 'Leaked key in build logs')).toBe('Leaked-key-in-build-logs.trailcase')
  })

  it('never names another folder and never begins with a dot, whatever was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (number, title) => {
        const name = fileNameFor(number, title)
        expect(name).toMatch(/^[^/\\:\0]+\.trailcase$/)
        expect(name.startsWith('.')).toBe(false)
      }),
      { numRuns: 200 },
    )
  })

  it('adds the extension only where none is', () => {
    expect(withExtension('case', '.trailcase')).toBe('case.trailcase')
    expect(withExtension('case.trailcase', '.trailcase')).toBe('case.trailcase')
  })
})
