import type { Command } from 'commander'
import { assertNever } from '#shared/base/assert.ts'
import { bytes, counted } from '#shared/base/count.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import { collect } from '../arguments.ts'
import type { Cli } from '../cli.ts'
import { readPassphrase, readSmallFile } from '../secrets.ts'
import { requirePaths, withSession } from '../session.ts'
import { iso } from '../text.ts'

export type SecretOptions = { key?: readonly string[]; identity?: readonly string[]; passphraseFile?: string }
type Options = SecretOptions & { json?: true }

export function addInspect(program: Command, { terminal, outcome }: Cli): void {
  program
    .command('inspect')
    .description('what a package holds, who signed it, is it whole; changes nothing')
    .argument('<file>', 'the package, or its first part')
    .option('--key <pubfile>', 'a public key that you know; may be given several times', collect)
    .option('--identity <file>', 'an age identity that opens it; may be given several times', collect)
    .option('--passphrase-file <file>', 'the passphrase that opens it: the first line of this file')
    .option('--json', 'one JSON value on stdout')
    .action((path: string, options: Options) => {
      requirePaths([path])
      return withSession(terminal, async (session) => {
        const found = await session.ask(
          'packages.inspect',
          { grant: session.grant(path, 'open-package'), ...readSecrets(options) },
          { progress: ({ done, total }) => terminal.progress(`reading: ${bytes(done)} of ${bytes(total)}`) },
        )
        if (!found.whole) outcome.code = 1
        if (options.json) return terminal.json(found)
        for (const line of textOf(found)) await terminal.line(line)
      })
    })
}

/** The keys and passphrases that the options name. An identity file of age has comments and one identity per line. */
export function readSecrets({ key, identity, passphraseFile }: SecretOptions): {
  keys: string[]
  identities: string[]
  passphrase?: string
} {
  const identities = (identity ?? []).flatMap((path) =>
    readSmallFile(path, 'the age identity')
      .split(/\r?\n/)
      .filter((line) => line.startsWith('AGE-SECRET-KEY-')),
  )
  return {
    keys: (key ?? []).map((path) => readSmallFile(path, 'the public key')),
    identities,
    ...(passphraseFile !== undefined && { passphrase: readPassphrase(passphraseFile) }),
  }
}

type Found = OutputOf<'packages.inspect'>

function textOf(found: Found): string[] {
  const { document, signatures, transfers } = found
  const { counts, header } = document
  return [
    `${found.name} (${bytes(found.bytes)}${found.encrypted ? ', encrypted' : ''}), SHA-256 ${found.sha256}`,
    found.whole ? 'Whole: every hash and the custody log agree.' : 'NOT WHOLE. Do not rely on it:',
    ...found.problems.map((problem) => `  ${problem}`),
    ...(signatures.length === 0 ? ['Unsigned: anyone may have made it.'] : signatures.map(signerText)),
    `Case ${header.number} ${header.title} (${header.tlp}), packed ${iso(document.madeMs)} by ${document.examiner.name} with Trailcase ${document.tools.trailcase}`,
    `  ${counted(counts.entries, 'entry', 'entries')} in the ledger, ${counted(counts.originals, 'original')} (${bytes(counts.bytes)})${document.kind === 'annotated' ? ', only those with annotations' : ''}`,
    `  ${counted(counts.events, 'event')} in the case, ${counted(counts.operations, 'annotation')}, ${counted(document.custody.entries, 'custody entry', 'custody entries')}`,
    ...transfers.map(
      (t) =>
        `Handed over ${iso(t.atMs)}: ${t.from} to ${t.to === '' ? 'nobody named' : t.to}${t.why === '' ? '' : `, ${t.why}`}${t.medium === '' ? '' : `, on ${t.medium}`}`,
    ),
  ]
}

function signerText(signer: Found['signatures'][number]): string {
  switch (signer.state) {
    case 'known':
      return `Signed with the known key ${signer.fingerprint}: ${signer.comment}`
    case 'unknown':
      return signer.fingerprint === null
        ? `Signed with a key that is not here (number ${signer.number}): nothing is known. Give its .pub file with --key.`
        : `Signed with the unknown key ${signer.fingerprint}: ask the sender on the telephone whether it is theirs. ${signer.comment ?? ''}`
    case 'broken':
      return `BROKEN signature: ${signer.why}.`
    default:
      return assertNever(signer)
  }
}
