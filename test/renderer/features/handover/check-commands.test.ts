import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Grant } from '#shared/contract/common.ts'
import { newIdentity, parseIdentity, recipientText } from '#engine/exchange/package/age-recipients.ts'
import { checkCommands } from '#renderer/features/handover/check-commands.ts'
import { keyFiles, packableCase, place } from '#test/electron/engine/exchange/handover/packing.ts'

const has = (tool: string): boolean => existsSync(`/usr/bin/${tool}`)
const run = (grant: Grant, commands: readonly string[]): string =>
  execFileSync('bash', ['-ec', commands.join('\n')], { cwd: dirname(grant), encoding: 'utf8', stdio: 'pipe' })

describe('the commands that check a package without this program', () => {
  it.skipIf(!has('unzip') || !has('minisign'))(
    'accept a signed one in parts, and refuse it once a byte differs',
    async () => {
      const test = await packableCase()
      const keys = await keyFiles()
      const grant = place("o'neil case.tcase.zip")
      const sign = { key: keys.secret, passphrase: 'passphrase' }
      const packed = await test.ask('packages.pack', { grant, sign, splitBytes: 65_536 })
      const commands = checkCommands(packed).map((step) => step.command)
      expect(commands).toHaveLength(4)
      const said = run(grant, commands)
      expect(said).toContain(packed.sha256)
      expect(said).toContain('whole')
      expect(said).toContain('Signature and comment signature verified')
      const part = `${grant}.001`
      const bytes = readFileSync(part)
      bytes[1000]! ^= 1
      writeFileSync(part, bytes)
      expect(() => run(grant, commands.slice(0, 1))).toThrow(/did NOT match/)
    },
  )

  it.skipIf(!has('unzip') || !has('age'))('open an encrypted one with age first', async () => {
    const test = await packableCase()
    const identity = newIdentity()
    const parsed = parseIdentity(identity)
    if (!parsed.ok) throw new Error('an identity of ours')
    const grant = place('case.tcase.zip.age')
    const packed = await test.ask('packages.pack', { grant, recipients: [recipientText(parsed.value)] })
    const commands = checkCommands(packed).map((step) => step.command)
    writeFileSync(`${dirname(grant)}/me.txt`, identity)
    const mine = commands.map((command) => command.replace('age -d', 'age -d -i me.txt'))
    expect(run(grant, mine)).toContain('whole')
    expect(existsSync(`${dirname(grant)}/${basename(grant, '.age')}`)).toBe(true)
  })
})
