import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'

type Finder = { readonly findChromium: () => string | undefined }

// The one place that knows where Chromium may be is a plain script, because installing needs it before TypeScript is there.
const { findChromium } = (await import(new URL('../../build/find-chromium.mjs', import.meta.url).href)) as Finder

/** The Chromium to drive, or undefined where there is none: `describe.skipIf(chromiumPath === undefined)`. */
export const chromiumPath = findChromium()

const FLAGS = [
  '--no-sandbox',
  '--headless',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Chromium looks up servers of its own; no name leads anywhere here, so what is counted as outgoing is ours.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
]

/** Starts Chromium without any habit of talking to the network. The caller closes it. */
export async function launchChromium(): Promise<Browser> {
  if (chromiumPath === undefined)
    throw new Error('No Chromium was found. Install Debian’s chromium, or name one in TRAILCASE_CHROMIUM.')
  return chromium.launch({ executablePath: chromiumPath, args: FLAGS })
}

export type PageOptions = {
  readonly width?: number
  readonly height?: number
  readonly theme?: 'light' | 'dark'
  /** Only for axe, which puts a script into the page: everything else runs under the page's own policy. */
  readonly forAxe?: boolean
}

/** A page of its own context, and what it complained about: uncaught errors, console errors and warnings, violations of its policy. */
export type WatchedPage = {
  readonly page: Page
  readonly context: BrowserContext
  readonly complaints: readonly string[]
}

/** Opens a page at `address`. UTC, English, 1280 x 800 unless told otherwise. */
export async function openPage(browser: Browser, address: string, options: PageOptions = {}): Promise<WatchedPage> {
  const { width = 1280, height = 800, theme = 'light', forAxe = false } = options
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    bypassCSP: forAxe,
    timezoneId: 'UTC',
    locale: 'en-US',
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`)
  })
  await page.goto(address)
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
  return { page, context, complaints }
}

/** What axe-core finds in the page, one line per rule and place; empty is good. The page must have been opened with `forAxe`. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  // Colours may still be on their way (a theme was switched): axe must see where they arrive. A spinner never arrives.
  await page.evaluate(() => {
    const ends = (animation: Animation): boolean => animation.effect?.getComputedTiming().endTime !== Infinity
    return Promise.allSettled(
      document
        .getAnimations()
        .filter(ends)
        .map((animation) => animation.finished),
    ).then(() => undefined)
  })
  await page.waitForTimeout(300)
  const { source } = (await import('axe-core')).default
  await page.evaluate(source)
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: {
        run: () => Promise<{
          violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[]
        }>
      }
    }
    return (await axe.run()).violations
  })
  return violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${rule.help}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`),
  )
}
