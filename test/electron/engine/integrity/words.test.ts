import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import type { IntegritySummary } from '#shared/domain/integrity.ts'
import { acquisitionCommands } from '#engine/integrity/acquisition-help.ts'
import { trustStatement, verdictSentence } from '#engine/integrity/explain.ts'
import { parseJsonValues } from '#engine/integrity/json-values.ts'
import { parseKeys } from '#engine/integrity/parse-keys.ts'
import { keyBundle, signingKeys } from '#test/fixtures/digest-chain.ts'

const summary = (
  logs: Partial<IntegritySummary['logs']>,
  digests: Partial<IntegritySummary['digests']> = { total: 1, authentic: 1 },
): IntegritySummary => ({
  digests: { total: 0, authentic: 0, authenticByLink: 0, consistent: 0, invalid: 0, unverified: 0, ...digests },
  logs: {
    total: 0,
    proven: 0,
    listedUnproven: 0,
    modified: 0,
    trailingData: 0,
    unreadable: 0,
    missing: 0,
    unreferenced: 0,
    ...logs,
  },
  chains: [],
  findings: [],
  clean: true,
})

describe('the verdict in a sentence', () => {
  it('counts what is proven first, then what is wrong', () => {
    expect(verdictSentence(summary({ total: 9815, proven: 9812, modified: 2, missing: 1 }))).toBe(
      '9,812 of 9,815 log files are proven; 2 were altered, 1 is missing.',
    )
    expect(verdictSentence(summary({ total: 1, proven: 1 }))).toBe('1 of 1 log file is proven.')
    expect(verdictSentence(summary({ total: 2, proven: 2 }, { total: 9, invalid: 2 }))).toContain(
      '2 of 9 digests fail their check.',
    )
  })

  it('says that nothing can be proven when there are no digests, and when there is nothing at all', () => {
    expect(verdictSentence(summary({ total: 3, unreferenced: 3 }, {}))).toContain('Nothing can be proven')
    expect(verdictSentence(summary({}, {}))).toContain('no CloudTrail log files')
  })
})

describe('the trust statement', () => {
  it('names each key with its hash and the file it came from, and how that was obtained', () => {
    const { keys } = parseKeys(Buffer.from(keyBundle([0])), 'list-public-keys.us-east-1.json')
    const [first, line] = trustStatement(keys, () => 'given by J. Doe on 2024-06-01')
    expect(first).toContain('no certificate')
    for (const part of [
      signingKeys[0]!.fingerprint,
      'of us-east-1',
      keys[0]!.sha256,
      'list-public-keys.us-east-1.json',
      'given by J. Doe',
    ])
      expect(line).toContain(part)
  })

  it('says what it means when there are no keys', () => {
    expect(trustStatement([])).toEqual([expect.stringContaining('Anyone could have produced')])
  })
})

describe('the acquisition commands', () => {
  const commands = acquisitionCommands({
    bucket: "b'; rm -rf x; '",
    prefix: 'team logs',
    from: '2024-05-01T00:00:00Z',
    to: '2024-05-02T00:00:00Z',
  })

  it('are a valid shell script, whatever the names hold', () => {
    expect(spawnSync('bash', ['-n'], { input: commands, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
    const head = commands.split('\n').slice(1, 5).join('\n')
    const shown = spawnSync('bash', ['-c', `${head}\nprintf '%s|%s|%s' "$B" "$P" "$TO"`], { encoding: 'utf8' })
    expect(shown.stdout).toBe("b'; rm -rf x; '|team logs/|2024-05-02T00:00:00Z")
  })

  it('ask for keys two hours beyond the end', () => {
    const line = /date -u -d "\$TO \+ 2 hours" \+%Y-%m-%dT%H:%M:%SZ/.exec(commands)?.[0]
    const shown = spawnSync('bash', ['-c', `TO=2024-05-02T00:00:00Z; ${line ?? 'false'}`], { encoding: 'utf8' })
    expect(shown.stdout.trim()).toBe('2024-05-02T02:00:00Z')
  })
})

describe('JSON values in a row', () => {
  it.each([
    ['{"a":1}', 1, 0],
    ['{"a":"}{"}\n{"b":"\\""}[3]', 3, 0],
    ['{"a":1}, {"b":2},', 2, 0],
    ['{"a":1} junk {"b":2}', 1, 1],
    ['{"a":1}{"b":', 1, 1],
    ['', 0, 0],
    [']]]', 0, 3],
    ['{"a":1}\n\n{"a":2}\r\n[3]\n', 3, 0],
    ['{"a":1}\n{"a":\n2}\n{"a":3}', 3, 0],
    ['{"a":1}\n{"a":2}{"a":3}\ntorn {\n{"a":4}', 3, 1],
    ['12\n', 1, 0],
  ])('%j holds %i values and %i other pieces', (text, values, bad) => {
    expect(parseJsonValues(text)).toMatchObject({ values: { length: values }, bad })
  })
})
