import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { evidence } from '../fixtures/evidence.ts'
import { launchChromium, type WatchedPage } from './browser.ts'
import { newFolder, runTrailcase, startHost, type RunningHost } from './host.ts'

/** A morning of everyday calls, then a stranger who covers tracks. 27 events. */
const text = [
  ...Array.from(
    { length: 20 },
    (_, n) => `08:${String(n * 2).padStart(2, '0')} bob DescribeInstances region=eu-west-1`,
  ),
  '09:00 alice ConsoleLogin ip=203.0.113.7',
  '09:01 alice AssumeRole -> admin ip=203.0.113.7',
  '09:02 admin ListBuckets ip=203.0.113.7',
  '09:04 admin CreateUser -> mallory ip=203.0.113.7',
  '09:06 admin StopLogging ip=203.0.113.7',
  '09:07 admin DeleteTrail !denied ip=203.0.113.7',
  '11:30 mallory GetObject -> secrets/plan.txt ip=198.51.100.9',
].join('\n')

export type SmallCase = {
  readonly page: Page
  readonly watched: WatchedPage
  readonly folder: string
  readonly look: (hash: string) => Promise<void>
  readonly close: () => Promise<void>
}

/** The case in the browser host, and a page that shows it and is ready for axe. */
export async function openSmallCase(): Promise<SmallCase> {
  const folder = newFolder()
  const file = join(folder, 'case.trailcase')
  evidence(text).writeTo(join(folder, 'evidence'))
  await runTrailcase(folder, 'new', file, '--title', 'Covered tracks', '--number', 'ACME-7', '--examiner', 'A. Rossi')
  const made = await runTrailcase(folder, 'import', file, join(folder, 'evidence'), '--examiner', 'A. Rossi')
  if (made.code !== 0 && made.code !== 1) throw new Error(`The import ended with ${String(made.code)}`)
  const host: RunningHost = await startHost({ folder, case: file, examiner: 'A. Rossi' })
  const browser: Browser = await launchChromium()
  const watched = await host.open(browser, { forAxe: true })
  const { page } = watched
  return {
    page,
    watched,
    folder,
    look: (hash) => page.evaluate((to) => void (location.hash = to), hash),
    close: async () => {
      await browser.close()
      await host.close()
    },
  }
}
