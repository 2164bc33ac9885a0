import { resolve } from 'node:path'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { bytes, counted } from '#shared/base/count.ts'
import { collect, wrongUsage } from '../arguments.ts'
import type { Cli } from '../cli.ts'
import { readPassphrase, readSmallFile } from '../secrets.ts'
import { requireExaminer, withCase } from '../session.ts'

type Options = {
  out: string
  sign?: string
  signPassphraseFile?: string
  to?: readonly string[]
  passphraseFile?: string
  scope: 'all' | 'annotated'
  split?: number
  for: string
  why: string
  medium: string
  examiner?: string
  json?: true
}

export function addPack(program: Command, { terminal }: Cli): void {
  program
    .command('pack')
    .description('exports the case as a package')
    .argument('<case>', 'the case file')
    .requiredOption('--out <file>', 'the package to make, such as CASE-0042.tcase.zip')
    .option('--sign <keyfile>', 'sign it with this secret key (see keygen)')
    .option('--sign-passphrase-file <file>', 'the passphrase of that key: the first line of this file')
    .option('--to <recipient>', 'encrypt it to this age recipient (age1…); may be given several times', collect)
    .option('--passphrase-file <file>', 'encrypt it with a passphrase: the first line of this file')
    .addOption(
      new Option('--scope <scope>', 'all evidence, or only files with something bookmarked or tagged')
        .choices(['all', 'annotated'])
        .default('all'),
    )
    .option('--split <size>', 'into parts of at most this size, such as 3900M', partSize)
    .option('--for <name>', 'who gets it, for the transfer record', '')
    .option('--why <text>', 'why, for the transfer record', '')
    .option('--medium <text>', 'on what it travels, for the transfer record', '')
    .option('--examiner <name>', 'who packs, for the custody log (or TRAILCASE_EXAMINER)')
    .option('--json', 'one JSON value on stdout')
    .action(async (path: string, options: Options, command: Command) => {
      if ((options.sign === undefined) !== (options.signPassphraseFile === undefined))
        return wrongUsage(command, '--sign and --sign-passphrase-file belong together.')
      const examiner = requireExaminer(terminal, options.examiner)
      const passphrase = options.passphraseFile === undefined ? undefined : readPassphrase(options.passphraseFile)
      await withCase(terminal, path, examiner, async (session, caseId) => {
        const packed = await session.ask(
          'packages.pack',
          {
            caseId,
            grant: session.grant(options.out, 'save'),
            scope: options.scope,
            recipients: [...(options.to ?? [])],
            transfer: { to: options.for, why: options.why, medium: options.medium },
            ...(passphrase !== undefined && { passphrase }),
            ...(options.split !== undefined && { splitBytes: options.split }),
            ...(options.sign !== undefined && {
              sign: {
                key: readSmallFile(options.sign, 'the secret key'),
                passphrase: readPassphrase(options.signPassphraseFile ?? ''),
              },
            }),
          },
          {
            progress: ({ step, done, total }) =>
              terminal.progress(
                `${step === 'writing' ? 'writing' : 'reading back'}: ${bytes(done)} of ${bytes(total)}`,
              ),
          },
        )
        const { name: _, ...rest } = packed
        if (options.json) return terminal.json({ out: resolve(options.out), ...rest })
        const parts = packed.parts.length === 0 ? '' : ` in ${counted(packed.parts.length, 'part')}`
        await terminal.line(`Wrote ${resolve(options.out)}${parts} (${bytes(packed.bytes)}), read back and compared.`)
        await terminal.line(
          `  ${counted(packed.originals, 'original')}, ${counted(packed.operations, 'annotation')}; ${packed.encrypted ? 'encrypted' : 'not encrypted'}`,
        )
        await terminal.line(
          packed.signedBy === null
            ? '  Not signed: whoever gets it cannot tell who made it'
            : `  Signed with the key ${packed.signedBy.fingerprint}`,
        )
        await terminal.line(`  SHA-256 ${packed.sha256}, also in the custody log`)
      })
    })
}

const units: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 }

/** `3900M` as bytes. */
function partSize(text: string): number {
  const match = /^(\d{1,12})([KMG]?)$/i.exec(text)
  const size = match ? Number(match[1]) * (units[(match[2] ?? '').toUpperCase()] ?? 0) : 0
  if (!Number.isSafeInteger(size) || size < 65_536)
    throw new InvalidArgumentError('Write a size such as 3900M or 4G, at least 64K.')
  return size
}
