import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** The least that reading a tree can cost: read, gunzip, JSON.parse, one thread, nothing kept. Gives events and seconds. */
export function floor(folder: string): { events: number; files: number; seconds: number; inflated: number } {
  let events = 0
  let files = 0
  let inflated = 0
  const started = performance.now()
  const walk = (path: string): void => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isDirectory()) walk(join(path, entry.name))
      else {
        const bytes = gunzipSync(readFileSync(join(path, entry.name)))
        const root = JSON.parse(bytes.toString('utf8')) as { Records?: unknown[] }
        events += root.Records?.length ?? 0
        inflated += bytes.length
        files++
      }
    }
  }
  walk(folder)
  return { events, files, seconds: (performance.now() - started) / 1000, inflated }
}
