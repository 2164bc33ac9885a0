import { z } from 'zod'

export const passphrase = z.string().min(1).max(1000)

/** What opens an encrypted package. */
export const packageSecrets = {
  /** Of age: `AGE-SECRET-KEY-1…`. */
  identities: z.array(z.string().max(1000)).max(100).default([]),
  passphrase: passphrase.optional(),
  /** Public keys that the receiver knows, as the text of `.pub` files. */
  keys: z.array(z.string().max(4096)).max(1000).default([]),
}

/** Who signed a package: `known` with a key the receiver named, `unknown` with another, `broken` when it is not what was signed. */
export const packageSigner = z.discriminatedUnion('state', [
  z.object({ state: z.literal('known'), fingerprint: z.string(), number: z.string(), comment: z.string() }),
  z.object({
    state: z.literal('unknown'),
    fingerprint: z.string().nullable(),
    number: z.string(),
    comment: z.string().nullable(),
    /** The key that lies in the package, as the text of a `.pub` file: to be trusted only once its fingerprint was compared. */
    publicKey: z.string().nullable(),
  }),
  z.object({ state: z.literal('broken'), why: z.string() }),
])
