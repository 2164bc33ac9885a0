import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { readPassphrase } from '../secrets.ts'
import { withSession } from '../session.ts'

type Options = { out: string; passphraseFile: string; json?: true }

export function addKeygen(program: Command, { terminal }: Cli): void {
  program
    .command('keygen')
    .description("an examiner's signing key")
    .requiredOption('--out <keyfile>', 'the secret key file to make; the public one gets .pub behind its name')
    .requiredOption('--passphrase-file <file>', 'the passphrase of the secret key: the first line of this file')
    .option('--json', 'one JSON value on stdout')
    .action(({ out, passphraseFile, json }: Options) => {
      const passphrase = readPassphrase(passphraseFile)
      return withSession(terminal, async (session) => {
        const key = await session.ask('packages.keygen', { grant: session.grant(out, 'save'), passphrase })
        const { fingerprint, number, publicKey } = key
        const paths = { out: resolve(out), public: `${resolve(out)}.pub` }
        if (json) return terminal.json({ ...paths, fingerprint, number, publicKey })
        await terminal.line(`Wrote ${paths.out} (secret, under the passphrase) and ${paths.public} (to give away).`)
        await terminal.line(`  Fingerprint to compare by voice: ${fingerprint}`)
        await terminal.line(`  Key number in minisign: ${number}`)
      })
    })
}
