import { z } from 'zod'
import { grant } from './common.ts'
import { operationTable } from './operation.ts'

/** Said of a key so that people can compare it: `fingerprint` by voice, `number` as minisign shows it. */
export const keyNames = z.object({ fingerprint: z.string(), number: z.string() })

const passphrase = z.string().min(1).max(1000)

/** Cases that leave as packages and come back. */
export const exchangeOperations = operationTable({
  'packages.keygen': {
    summary: "Make an examiner's signing key: a secret key file under a passphrase, and a public one to give away",
    input: z.object({ grant, passphrase }),
    output: keyNames.extend({ name: z.string(), publicName: z.string(), publicKey: z.string() }),
    changes: false,
    cli: { command: 'keygen' },
  },
})
