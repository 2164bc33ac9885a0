import { failed, ok, type Result } from '#shared/base/result.ts'

export type ProfileKeys = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string | undefined
  /** Where its calls go, if the profile says so. */
  readonly region: string | undefined
}
export type ProfileTrouble = 'NO_PROFILE' | 'NO_KEYS'

/**
 * The access key of a profile, from the texts of `~/.aws/credentials` and `~/.aws/config` (AWS CLI user guide,
 * "Configuration and credential file settings"). Only keys that stand in the files are taken: what would start a program,
 * ask another service or the metadata of the machine (`credential_process`, `sso_…`, `role_arn`, `credential_source`) is
 * refused with the command that gives its keys.
 */
export function readProfile(
  name: string,
  files: { readonly credentials: string; readonly config: string },
): Result<ProfileKeys, ProfileTrouble> {
  const credentials = sectionOf(files.credentials, [name])
  const config = sectionOf(files.config, name === 'default' ? ['default', 'profile default'] : [`profile ${name}`])
  if (!credentials && !config)
    return failed(
      'NO_PROFILE',
      `There is no profile ${name} in the credentials and config files of the AWS CLI. Check the name with: aws configure list-profiles`,
    )
  const setting = (key: string): string | undefined => credentials?.get(key) ?? config?.get(key)
  const [accessKeyId, secretAccessKey] = [setting('aws_access_key_id'), setting('aws_secret_access_key')]
  if (!accessKeyId || !secretAccessKey) return failed('NO_KEYS', noKeys(name, setting))
  return ok({ accessKeyId, secretAccessKey, sessionToken: setting('aws_session_token'), region: setting('region') })
}

function noKeys(name: string, setting: (key: string) => string | undefined): string {
  const gets = ['role_arn', 'sso_session', 'sso_start_url', 'credential_process', 'credential_source', 'login_session']
  const how = gets.find((key) => setting(key) !== undefined)
  const why =
    how === undefined
      ? `The profile ${name} holds no access key.`
      : `The profile ${name} gets its keys by ${how}, which would ask another service or program.`
  return `${why} Let the AWS CLI give them for this shell, with their session token: eval "$(aws configure export-credentials --profile ${name} --format env)", and leave --profile out.`
}

/** The settings of the first of the named sections that is there; a later one of the same name adds to it, as in the AWS CLI. */
function sectionOf(text: string, names: readonly string[]): ReadonlyMap<string, string> | undefined {
  let found: Map<string, string> | undefined
  let inside = false
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim()
    if (line.startsWith('[')) {
      const end = line.indexOf(']')
      const title = line
        .slice(1, end < 0 ? undefined : end)
        .trim()
        .replace(/\s+/g, ' ')
        .replaceAll('"', '')
      inside = names.includes(title)
      if (inside) found ??= new Map()
      continue
    }
    // Lines that are indented belong to a nested setting (`s3 =`).
    if (!inside || line === '' || line.startsWith('#') || line.startsWith(';') || /^\s/.test(raw)) continue
    const equals = line.indexOf('=')
    if (equals > 0) found!.set(line.slice(0, equals).trim().toLowerCase(), line.slice(equals + 1).trim())
  }
  return found
}
