/** Terms a reader outside the field may need, each with the spellings that call for it. */
const terms: readonly { readonly term: string; readonly also: readonly string[]; readonly meaning: string }[] = [
  {
    term: 'Access key',
    also: ['AKIA', 'ASIA', 'access key'],
    meaning:
      'Name of a pair of credentials for calls to AWS. AKIA… belongs to a user for as long as it exists, ASIA… to a session and ends with it.',
  },
  { term: 'ARN', also: [], meaning: 'Amazon Resource Name: the full name of a user, role or resource in AWS.' },
  { term: 'AssumeRole', also: ['sts'], meaning: 'Call by which a principal obtains temporary credentials of a role.' },
  {
    term: 'CloudTrail',
    also: [],
    meaning: 'The AWS service that records calls made in an account and delivers them as log files.',
  },
  { term: 'ConsoleLogin', also: [], meaning: 'Sign-in to the AWS web console.' },
  {
    term: 'Custody log',
    also: ['custody'],
    meaning: 'Append-only account of who did what to this case; each entry contains the hash of the one before it.',
  },
  {
    term: 'Data event',
    also: ['data events'],
    meaning:
      'Record of a call on the content of a resource, such as reading an S3 object. Recorded only where a trail asks for it.',
  },
  {
    term: 'Digest file',
    also: ['digest', 'digests'],
    meaning: 'Hourly list, signed by AWS, of the hashes of the log files delivered and of the digest before it.',
  },
  { term: 'Exhibit', also: ['exhibits'], meaning: 'An event or source with a number that it keeps for ever.' },
  {
    term: 'Hash',
    also: ['SHA-256'],
    meaning:
      'A number computed from bytes (SHA-256). Any change of the bytes changes it; equal hashes mean equal bytes.',
  },
  { term: 'IAM', also: ['iam'], meaning: 'AWS Identity and Access Management: users, roles and their permissions.' },
  {
    term: 'Insights event',
    also: ['Insights'],
    meaning: 'A statement by AWS that the rate of calls or errors was unusual; not a call.',
  },
  { term: 'KMS', also: ['kms'], meaning: 'AWS Key Management Service: encryption keys.' },
  {
    term: 'Listed',
    also: ['listed'],
    meaning: 'Verdict: a digest names the log file and its hash agrees, but the digest itself is not authenticated.',
  },
  {
    term: 'Management event',
    also: ['management events'],
    meaning: 'Record of a call that administers the account or a resource.',
  },
  { term: 'MFA', also: ['mfa'], meaning: 'Multi-factor authentication: a second proof beside the password.' },
  {
    term: 'Modified',
    also: ['modified'],
    meaning: 'Verdict: the log file is not the one that the signed digest lists.',
  },
  {
    term: 'Principal',
    also: ['principals'],
    meaning: 'Who made a call: a user, a role session, the account root, or an AWS service.',
  },
  {
    term: 'Proven',
    also: ['proven'],
    meaning: 'Verdict: an authenticated digest lists the log file with exactly the hash of these bytes.',
  },
  { term: 'Quarantine', also: ['quarantined'], meaning: 'A file that could not be read, kept with the reason.' },
  { term: 'Region', also: ['regions'], meaning: 'A geographic part of AWS, such as eu-central-1.' },
  { term: 'S3', also: ['s3'], meaning: 'Amazon Simple Storage Service: objects in buckets.' },
  { term: 'StopLogging', also: [], meaning: 'Call that stops a trail from recording.' },
  { term: 'TLP', also: [], meaning: 'Traffic Light Protocol 2.0 of FIRST: to whom a document may be passed on.' },
  {
    term: 'Trail',
    also: ['trails'],
    meaning: 'A setting of CloudTrail: which events are recorded and to which bucket they are delivered.',
  },
  { term: 'Unreferenced', also: ['unreferenced'], meaning: 'Verdict: no digest in the evidence names the log file.' },
  {
    term: 'User agent',
    also: ['user agent', 'user agents'],
    meaning: 'Text with which the calling program names itself. Chosen by the caller.',
  },
  { term: 'UTC', also: [], meaning: 'Coordinated Universal Time. A time that ends in Z is UTC.' },
]

/** The terms that occur as whole words in the texts, in alphabetical order. */
export function glossaryOf(texts: Iterable<string>): { readonly term: string; readonly meaning: string }[] {
  const wanted = new Map<string, number>()
  terms.forEach(({ term, also }, index) => {
    for (const word of [term, ...also]) wanted.set(word, index)
  })
  const found = new Set<number>()
  for (const text of texts) {
    // A text of evidence may be long; its first part is enough to know which words a reader meets.
    const head = text.slice(0, 4000)
    for (const [word, index] of wanted) if (!found.has(index) && hasWord(head, word)) found.add(index)
    if (found.size === terms.length) break
  }
  return terms.filter((_, index) => found.has(index)).map(({ term, meaning }) => ({ term, meaning }))
}

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const open = !isLetter(text.charAt(at - 1))
    // AKIA… and ASIA… are beginnings of longer words.
    const shut = word === 'AKIA' || word === 'ASIA' || !isLetter(text.charAt(at + word.length))
    if (open && shut) return true
  }
  return false
}

const isLetter = (c: string): boolean => /^[A-Za-z0-9]$/.test(c)
