const CHUNK = 65_536

/** Joins many short texts into chunks of about 64 KiB of UTF-8, so that a stream of rows costs few writes. */
export async function* encodeChunks(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  let pending = ''
  for await (const text of texts) {
    pending += text
    if (pending.length < CHUNK) continue
    yield encoder.encode(pending)
    pending = ''
  }
  if (pending !== '') yield encoder.encode(pending)
}
