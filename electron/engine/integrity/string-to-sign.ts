/**
 * The text that AWS signs for a digest (user guide, "Custom implementations of CloudTrail log file integrity
 * validation"): four lines, no line end after the last. Bucket and key are the digest's own, so a signature that fits also
 * proves where it was delivered. `previousSignature` is taken exactly as written; `null` becomes the word `null`.
 *
 * @param digestSha256 lower-case hex of the inflated bytes of the digest, never of JSON written anew
 */
export const stringToSign = (
  digest: {
    readonly endText: string
    readonly bucket: string
    readonly key: string
    readonly previousSignature: string | null
  },
  digestSha256: string,
): string =>
  [digest.endText, `${digest.bucket}/${digest.key}`, digestSha256, digest.previousSignature ?? 'null'].join('\n')
