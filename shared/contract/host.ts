import { z } from 'zod'
import { acquireHostOperations } from './acquire.ts'
import { recentCase } from './cases.ts'
import { grant } from './common.ts'
import { operationTable } from './operation.ts'

const purpose = z.enum(['open-case', 'new-case', 'evidence', 'open-package', 'annotations', 'save'])
const granted = z.object({ grant, label: z.string() })
const none = { none: 'the command line names its paths itself' }

/** What the host around the engine answers: windows, dialogs, recent cases. The only place where paths become grants. */
export const hostOperations = operationTable({
  ...acquireHostOperations,
  'host.describe': {
    summary: 'Which host this is, its version, and the folders it may show',
    input: z.object({}),
    output: z.object({
      kind: z.enum(['desktop', 'browser']),
      version: z.string(),
      commit: z.string(),
      /** Whether `host.pick` opens the system's own dialog; otherwise the window shows its picker over `host.browse`. */
      nativeDialogs: z.boolean(),
      roots: z.array(z.object({ id: z.string(), label: z.string() })),
      /** A case named on the command line, to be opened at once. */
      startCase: granted.nullable(),
      /** A package named at start: it is looked at (`packages.inspect`) before anything is made from it. */
      startPackage: granted.nullable(),
      /** Name and organisation given at start (`--examiner`). */
      examiner: z.string().nullable(),
    }),
    changes: false,
    cli: none,
  },
  'host.pick': {
    summary: 'Ask the person for files or a folder with the system dialog',
    input: z.object({ purpose, suggestedName: z.string().max(200).optional() }),
    output: z.object({ grants: z.array(granted) }),
    changes: false,
    cli: none,
  },
  'host.browse': {
    summary: 'List a folder below one of the granted roots',
    input: z.object({ root: z.string(), path: z.array(z.string()).max(200) }),
    output: z.object({
      folders: z.array(z.string()),
      files: z.array(z.object({ name: z.string(), size: z.number(), modifiedMs: z.number() })),
      /** Files beyond those listed, in a folder with very many. */
      filesLeftOut: z.int(),
    }),
    changes: false,
    cli: none,
  },
  'host.grant': {
    summary: 'Turn a place below a granted root into a grant',
    input: z.object({ root: z.string(), path: z.array(z.string()).max(200), purpose }),
    output: granted,
    changes: false,
    cli: none,
  },
  'host.recent': {
    summary: 'Cases that were open before',
    input: z.object({}),
    output: z.object({ cases: z.array(recentCase.extend({ grant })) }),
    changes: false,
    cli: none,
  },
})
