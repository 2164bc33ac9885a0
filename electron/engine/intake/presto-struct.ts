/** Members of the structs that Athena and CloudTrail Lake print, with CloudTrail's spelling. */
const MEMBERS = [
  'type',
  'principalId',
  'arn',
  'accountId',
  'accessKeyId',
  'userName',
  'invokedBy',
  'identityProvider',
  'credentialId',
  'onBehalfOf',
  'userId',
  'identityStoreArn',
  'inScopeOf',
  'sourceArn',
  'sourceAccount',
  'issuerType',
  'credentialsIssuedTo',
  'sessionContext',
  'attributes',
  'creationDate',
  'mfaAuthenticated',
  'sessionIssuer',
  'webIdFederationData',
  'federatedProvider',
  'sourceIdentity',
  'ec2RoleDelivery',
  'ec2IssuedInVpc',
  'assumedRoot',
  'tlsVersion',
  'cipherSuite',
  'clientProvidedHostHeader',
  'keyExchange',
  'reason',
  'updatedFields',
  'originalRequestId',
  'originalEventId',
  'ARN',
  'ARNPrefix',
] as const
const spelling: ReadonlyMap<string, string> = new Map([
  ...MEMBERS.map((name) => [name.toLowerCase(), name] as const),
  ['arn', 'arn'],
  ['credentiaisissuedto', 'credentialsIssuedTo'],
  ['requestid', 'originalRequestID'],
  ['eventid', 'originalEventID'],
])
const DEEPEST = 8

/**
 * Reads struct text such as `{type=AssumedRole, arn=…, sessioncontext={…}}` or a list of structs. The text has no quoting,
 * so commas and `=` in values cannot be told from its own: a value ends only where a known member or the struct's end
 * follows. Lossy by nature; what it gives is marked as derived. Text that does not fit comes back as it is.
 */
export function parsePrestoStruct(text: string): unknown {
  const reader = { text, at: 0 }
  const value = readValue(reader, 0)
  return reader.at >= text.trimEnd().length ? value : text
}

type Reader = { readonly text: string; at: number }

function readValue(reader: Reader, depth: number): unknown {
  const first = reader.text[reader.at]
  if (depth < DEEPEST && first === '{') return readStruct(reader, depth)
  if (depth < DEEPEST && first === '[') return readList(reader, depth)
  const from = reader.at
  reader.at = endOfText(reader.text, from)
  const value = reader.text.slice(from, reader.at)
  return value === 'null' ? null : value
}

function readStruct(reader: Reader, depth: number): unknown {
  const struct = Object.create(null) as Record<string, unknown>
  reader.at++
  while (reader.at < reader.text.length && reader.text[reader.at] !== '}') {
    const equals = reader.text.indexOf('=', reader.at)
    if (equals < 0) {
      reader.at = reader.text.length + 1
      return struct
    }
    const name = reader.text.slice(reader.at, equals).trim()
    reader.at = equals + 1
    struct[spelling.get(name.toLowerCase()) ?? name] = readValue(reader, depth + 1)
    skipSeparator(reader)
  }
  reader.at++
  return struct
}

function readList(reader: Reader, depth: number): unknown[] {
  const list: unknown[] = []
  reader.at++
  while (reader.at < reader.text.length && reader.text[reader.at] !== ']') {
    const before = reader.at
    list.push(readValue(reader, depth + 1))
    skipSeparator(reader)
    if (reader.at === before) break
  }
  reader.at++
  return list
}

function skipSeparator(reader: Reader): void {
  if (reader.text.startsWith(', ', reader.at)) reader.at += 2
}

/** A value ends before `}`, `]` or before a comma that a known member follows. */
function endOfText(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const c = text[at]
    if (c === '}' || c === ']') return at
    if (c === ',' && text[at + 1] === ' ' && knownMemberAt(text, at + 2)) return at
  }
  return text.length
}

const LONGEST_MEMBER = 32

function knownMemberAt(text: string, at: number): boolean {
  const ahead = text.slice(at, at + LONGEST_MEMBER)
  if (ahead.startsWith('{')) return true
  const equals = ahead.indexOf('=')
  return equals > 0 && spelling.has(ahead.slice(0, equals).toLowerCase())
}
