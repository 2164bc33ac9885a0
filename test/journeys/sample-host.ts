import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Browser } from 'playwright-core'
import { makeSample } from '#engine/sample/make-sample.ts'
import { launchChromium, type WatchedPage } from './browser.ts'
import { newFolder, runTrailcase, startHost, type RunningHost } from './host.ts'

export type SampleHost = {
  readonly browser: Browser
  readonly host: RunningHost
  readonly watched: WatchedPage
  /** Goes to an address inside the window: `#/overview`. */
  readonly look: (hash: string) => Promise<void>
  /** The place and query that the window shows. */
  readonly address: () => Promise<string>
  readonly close: () => Promise<void>
}

/** The sample investigation imported from its files, in the browser host, with a page that is ready for axe. */
export async function openSample(): Promise<SampleHost> {
  const folder = newFolder()
  const evidence = join(folder, 'evidence')
  for (const { path, bytes } of makeSample()) {
    mkdirSync(dirname(join(evidence, path)), { recursive: true })
    writeFileSync(join(evidence, path), bytes)
  }
  const file = join(folder, 'sample.trailcase')
  const made = await runTrailcase(folder, 'import', file, evidence, '--examiner', 'A. Rossi')
  if (made.code !== 0 && made.code !== 1) throw new Error(`The import ended with ${String(made.code)}`)
  const host = await startHost({ folder, case: file, examiner: 'A. Rossi' })
  const browser = await launchChromium()
  const watched = await host.open(browser, { forAxe: true })
  return {
    browser,
    host,
    watched,
    look: (hash) => watched.page.evaluate((to) => void (location.hash = to), hash),
    address: () => watched.page.evaluate(() => decodeURIComponent(location.hash)),
    close: async () => {
      await browser.close()
      await host.close()
    },
  }
}
