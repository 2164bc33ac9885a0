import { readFile } from 'node:fs/promises'
import type { AcquireCredentials } from '#shared/contract/acquire.ts'
import { readProfile, type ProfileKeys } from '#engine/acquire/read-profile.ts'
import { AcquireFailure } from './s3-trouble.ts'

/** Where the AWS CLI keeps profiles. */
export type ProfileFiles = { readonly credentials: string; readonly config: string }

/** The keys that a person gave, or those of the profile that a person named; there is no third way. @throws AcquireFailure `not-found`, `bad-input` */
export async function keysOf(credentials: AcquireCredentials, files: ProfileFiles): Promise<ProfileKeys> {
  if (credentials.kind === 'keys') return { region: undefined, sessionToken: undefined, ...credentials }
  const text = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '')
  const found = readProfile(credentials.name, {
    credentials: await text(files.credentials),
    config: await text(files.config),
  })
  if (!found.ok) throw new AcquireFailure(found.code === 'NO_PROFILE' ? 'not-found' : 'bad-input', found.message)
  return found.value
}
