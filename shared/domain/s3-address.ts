export type S3Address = { readonly bucket: string; readonly prefix: string }

/** `s3://BUCKET` or `s3://BUCKET/PREFIX`, as the AWS CLI writes it; `undefined` for anything else. */
export function parseS3Address(text: string): S3Address | undefined {
  const match = /^s3:\/\/([^/\s]+)(?:\/(.*))?$/s.exec(text.trim())
  return match ? { bucket: match[1]!, prefix: match[2] ?? '' } : undefined
}
