/**
 * Fixed inputs made outside this program, so that an error in ours cannot hide in both: the RSA pair and signature by
 * OpenSSL 3, the file signature by the minisign tool. The private halves were thrown away.
 */

/** A digest's string to sign as CloudTrail writes it, and its RSASSA-PKCS1-v1_5 signature with SHA-256 by OpenSSL. */
export const digestSignature = {
  text: [
    '2026-02-10T07:11:31Z',
    'example-trail-bucket/AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/02/10/111122223333_CloudTrail-Digest_us-east-1_example_us-east-1_20260210T071131Z.json.gz',
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    'null',
  ].join('\n'),
  /** PKCS#1 DER in base64, as `ListPublicKeys` gives it. */
  publicKey:
    'MIIBCgKCAQEAqJFojS6C2ZzDwTbLoTmlsZEYQpKPGIA4YDuAz0juLAtR91zM+NmFVFjop5Q/lYbIpVmPVWUzNe0BwDnp5bdS67kExgL/b+kjnd7KZglJUptWKAXVXCZUsCMYyD1tyrVRMX6iqVlYEnCvB98V2Zz/Z4/yesZk7EDGrNbbtBTcJeRXsylQju4qf3Ny1wUTZGHPUIVjXEIV9DDIqSKo8wmerqPc0UXDqeq3RxJ9kTLBO7WXb/Axps2Um/C5VFbx+Ca/e9ZBWSKnFeRavEesSseKRIJM9Yd0j0KLRVnCX9pF7Aw8vjlazKxkU7zJ5W77aBpBwhyjW97YNFtZtYmZ7UJCBwIDAQAB',
  signature:
    '087431887e349e9e7cb9004d663c2a8370aaf4fd23290a78f7aac09f3124703b1c57547c7ed63550851a94f74a1ca83e4ff4ffa8628eade4527aad23e6d03578357917999d7b93d0acca68c6e1d308ecac8d47f6cf1f7f1b282f30a186f22786d74a406b6503eb39611e7a4f68b5df875674d33c7646503aa4d065a4cb43ab10b74fcf2c689017e2ccad318e1b79f2ffd693668718fd9129d2819811dc830d27b182e47adc77882a00dfcc8fa005658fda68cbec94a97b45aa3b9721c868c687b398fe84222cc5cef322753d6715d8f890ba0e43b4684be365b789481d98c7813cb52b56108a5d7ccfc11b0ad4c2141bd7369ce8398a1de65402a4a13553ccf2',
} as const

/** A file and its signature by `minisign -S`. */
export const fileSignature = {
  content: 'Trailcase validation message\n',
  publicKey: 'RWQ9jvIdSFoqf1oKQ2kvhOe+Js5CesU6YcxaWMnq2lePC7MByBo+N666',
  signature: [
    'untrusted comment: signature from minisign secret key',
    'RUQ9jvIdSFoqf+eGTu1Yo8OQnCHWQsFT8xsRzgtbd4zOpSRqKmyX0VQQFnl2FQ4dUxyKfCLs+aWsak9aZAepnc9Fr/v5cabBjg8=',
    'trusted comment: validation pack',
    '0Y/ilBU55neODvL5RZ1TO4vdgMwrnkBlzGRQQZGDiiDgyYmYbtPLPJzAGfKTjQ3a5ChXteF2wFZFAOPYhnqADA==',
    '',
  ].join('\n'),
} as const

/**
 * Records that are spoiled by parsing and writing JSON anew: a number above 2^53, a key named twice, escapes that need none, a lone
 * surrogate, a NUL, bytes that are no UTF-8. Each must come out byte for byte.
 */
export const awkwardRecords: readonly Buffer[] = [
  Buffer.from(record(1, '"requestParameters":{"n":9007199254740993,"e":1.0e+2}')),
  Buffer.from(record(2, '"requestParameters":{"name":"first","name":"second"}')),
  Buffer.from(record(3, '"requestParameters":{"slash":"\\/","letter":"\\u0041","nul":"\\u0000","half":"\\ud800"}')),
  Buffer.concat([
    Buffer.from(record(4, '"requestParameters":{"bytes":"').slice(0, -1)),
    Buffer.from([0xff, 0xfe, 0xc3, 0x28]),
    Buffer.from('"}}'),
  ]),
]

/** Spaces stand in it as nobody's serialiser would put them. */
function record(n: number, rest: string): string {
  return `{ "eventVersion":"1.08","eventID":"00000000-0000-4000-8000-00000000000${n}" ,"eventTime":"2026-02-10T08:00:0${n}Z","eventSource":"s3.amazonaws.com","eventName":"PutBucketTagging","awsRegion":"us-east-1","eventType":"AwsApiCall","recipientAccountId":"111122223333",${rest}}`
}

/** A log file of these records. */
export const awkwardLog: Buffer = Buffer.concat([
  Buffer.from('{"Records":['),
  ...awkwardRecords.flatMap((one, n) => (n === 0 ? [one] : [Buffer.from(' ,\n'), one])),
  Buffer.from(']}'),
])
