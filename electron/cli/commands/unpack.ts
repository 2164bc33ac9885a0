import { resolve } from 'node:path'
import type { Command } from 'commander'
import { bytes, counted, grouped } from '#shared/base/count.ts'
import type { ProgressOf } from '#shared/contract/contract.ts'
import type { Cli } from '../cli.ts'
import { casePath, requireExaminer, requirePaths, withSession } from '../session.ts'
import { readSecrets, type SecretOptions } from './inspect.ts'
import { collect } from '../arguments.ts'

type Options = SecretOptions & { out: string; examiner?: string; json?: true }

export function addUnpack(program: Command, { terminal, outcome }: Cli): void {
  program
    .command('unpack')
    .description('makes a case from a package: its evidence is read and judged anew')
    .argument('<file>', 'the package, or its first part')
    .requiredOption('--out <case>', 'the case file to make')
    .option('--key <pubfile>', 'a public key that you know; may be given several times', collect)
    .option('--identity <file>', 'an age identity that opens it; may be given several times', collect)
    .option('--passphrase-file <file>', 'the passphrase that opens it: the first line of this file')
    .option('--examiner <name>', 'who unpacks, for the custody log (or TRAILCASE_EXAMINER)')
    .option('--json', 'one JSON value on stdout')
    .action((path: string, options: Options) => {
      const examiner = requireExaminer(terminal, options.examiner)
      requirePaths([path])
      return withSession(terminal, async (session) => {
        const target = casePath(options.out)
        const found = await session.ask(
          'packages.unpack',
          {
            grant: session.grant(path, 'open-package'),
            target: session.grant(target, 'new-case'),
            examiner,
            ...readSecrets(options),
          },
          { progress: (p) => terminal.progress(progressText(p)) },
        )
        if (found.differing > 0) outcome.code = 1
        const { info, ...rest } = found
        if (options.json) return terminal.json({ case: resolve(target), events: info.events, ...rest })
        await terminal.line(`Made ${resolve(target)} from the package.`)
        await terminal.line(
          `  ${counted(found.entries, 'entry', 'entries')} in the ledger, ${counted(found.originals, 'original')}, ${counted(info.events, 'event')}, ${counted(found.operations, 'annotation')}`,
        )
        await terminal.line(
          found.signatures.length === 0
            ? '  Unsigned: anyone may have made it'
            : `  Signed: ${found.signatures.map((s) => (s.state === 'broken' ? s.state : `${s.state} key ${s.fingerprint ?? s.number}`)).join(', ')}`,
        )
        await terminal.line(
          found.differing === 0
            ? '  Every file was read here as it was where the package was made'
            : `  ${counted(found.differing, 'file')} read otherwise here than where the package was made:`,
        )
        for (const { path: file, what } of found.differences) await terminal.line(`    ${file}: ${what}`)
      })
    })
}

function progressText({ step, done, total }: ProgressOf<'packages.unpack'>): string {
  if (step === 'checking') return `checking: ${bytes(done)} of ${bytes(total)}`
  const words = { importing: 'importing', annotations: 'annotations', judging: 'judging digests' } as const
  return `${words[step]}: ${grouped(done)} of ${grouped(total)}`
}
