import { describe, expect, it } from 'vitest'
import { compileRegex } from '#shared/domain/query/regex.ts'

describe('compileRegex', () => {
  it('answers expressions that stop a backtracking engine, on a long text', () => {
    // In V8 each of these would run for years on this text; that they return is the test.
    for (const source of [
      '^(a+)+$',
      '(a|aa)+$',
      '(x+x+)+y',
      '([a-z]+)*\\d$',
      '(a*)*(b*)*$x',
      '(.*)(.*)(.*)(.*)(.*)[bc]$',
    ]) {
      const compiled = compileRegex(source)
      expect(compiled.ok && compiled.test('a'.repeat(100_000) + '!')).toBe(false)
    }
  })

  it('finds a match anywhere without regard to case, in any script', () => {
    const compiled = compileRegex('ÉX')
    expect(compiled.ok && compiled.test('laéxb')).toBe(true)
    expect(compiled.ok && compiled.test('ex')).toBe(false)
  })

  it.each(['', 'a{2000}', '(', 'x'.repeat(1001)])('refuses %s', (source) => {
    expect(compileRegex(source).ok).toBe(false)
  })
})
