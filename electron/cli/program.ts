import { Command } from 'commander'
import { addAcquire } from './commands/acquire.ts'
import { addAnnotate } from './commands/annotate.ts'
import { addBookmark, addBookmarks } from './commands/bookmark.ts'
import { addCount } from './commands/count.ts'
import { addCustody } from './commands/custody.ts'
import { addEvents } from './commands/events.ts'
import { addImport } from './commands/import.ts'
import { addInfo } from './commands/info.ts'
import { addInspect } from './commands/inspect.ts'
import { addIntegrity } from './commands/integrity.ts'
import { addKeygen } from './commands/keygen.ts'
import { addMerge } from './commands/merge.ts'
import { addNew } from './commands/new.ts'
import { addOpen } from './commands/open.ts'
import { addPack } from './commands/pack.ts'
import { addReport } from './commands/report.ts'
import { addProof } from './commands/proof.ts'
import { addServe } from './commands/serve.ts'
import { addShow } from './commands/show.ts'
import { addSources } from './commands/sources.ts'
import { addSql } from './commands/sql.ts'
import { addTag, addTags } from './commands/tag.ts'
import { addTransfers } from './commands/transfers.ts'
import { addUnpack } from './commands/unpack.ts'
import { addValidate } from './commands/validate.ts'
import { addVerify } from './commands/verify.ts'
import type { ExitCode } from './failure.ts'
import type { Terminal } from './terminal.ts'
import { commit, version } from './version.ts'

/** Every command, in the order of the help. */
const commands = [
  addOpen,
  addServe,
  addNew,
  addInfo,
  addImport,
  addAcquire,
  addSources,
  addIntegrity,
  addProof,
  addVerify,
  addValidate,
  addEvents,
  addCount,
  addShow,
  addSql,
  addTag,
  addTags,
  addBookmark,
  addBookmarks,
  addAnnotate,
  addReport,
  addCustody,
  addPack,
  addInspect,
  addUnpack,
  addMerge,
  addTransfers,
  addKeygen,
]

export function buildProgram(terminal: Terminal, outcome: { code: ExitCode }): Command {
  const program = new Command('trailcase')
    .description('Offline workbench for AWS CloudTrail investigations. Without a command it opens the workbench.')
    .version(`trailcase ${version} (${commit})`, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.write(text),
      // The error itself is printed by `main`, as one line.
      writeErr: () => undefined,
      getOutHelpWidth: () => terminal.width ?? 100,
    })
  for (const add of commands) add(program, { terminal, outcome })
  for (const command of program.commands) command.copyInheritedSettings(program)
  return program
}
