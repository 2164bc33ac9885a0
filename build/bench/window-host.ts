import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import type { Browser, CDPSession, Page } from 'playwright-core'

type Playwright = typeof import('playwright-core')

/** One question that the window put to the engine, from its being sent to its answer. */
export type Question = { readonly name: string; readonly sentAt: number; answeredAt: number | undefined }

/** The window on a case in real Chromium, as `trailcase serve` gives it. */
export type BenchWindow = {
  readonly page: Page
  readonly cdp: CDPSession
  /** From the first request of the page on, ms: when the last question was answered and nothing was asked for a while. */
  readonly settled: () => Promise<void>
  readonly questions: readonly Question[]
  /** Memory of the process that runs the page, and of its JavaScript alone. MB. */
  readonly memory: () => Promise<{ readonly process: number; readonly heap: number }>
  /** Memory of the host with the engine in it, MB. */
  readonly hostMemory: () => number
  /** Processor time that the host and the page's process have taken so far, ms; Linux only, elsewhere NaN. */
  readonly processorTime: () => Promise<number>
  readonly close: () => Promise<void>
}

const QUIET_MS = 300
/** A question that is open so long is a hung window. */
const MOST_MS = 180_000

/** @throws Error where there is no Chromium */
export async function openWindow(
  casePath: string,
  folder: string,
  size: { readonly width: number; readonly height: number },
): Promise<BenchWindow> {
  const { chromium } = createRequire(join(process.cwd(), 'package.json'))('playwright-core') as Playwright
  const { findChromium } = (await import(pathToFileURL(join(process.cwd(), 'build/find-chromium.mjs')).href)) as {
    findChromium: () => string | undefined
  }
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error('No Chromium was found. Name one in TRAILCASE_CHROMIUM.')
  const home = join(folder, 'home')
  mkdirSync(home, { recursive: true })
  const host = spawn(
    process.execPath,
    [join(process.cwd(), 'dist/node/trailcase.cjs'), 'serve', casePath, '--no-open'],
    {
      env: { PATH: process.env['PATH'], HOME: home, XDG_DATA_HOME: join(home, 'data') },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const address = await new Promise<string>((done, fail) => {
    createInterface({ input: host.stdout }).once('line', done)
    host.once('exit', (code) => fail(new Error(`The host ended with ${String(code)}`)))
  })
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--headless', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
    // The bar is dragged by its thumb.
    ignoreDefaultArgs: ['--hide-scrollbars'],
  })
  const page = await (await browser.newContext({ viewport: size, timezoneId: 'UTC', locale: 'en-US' })).newPage()
  const questions = watchQuestions(page)
  const cdp = await page.context().newCDPSession(page)
  await page.goto(address)
  return {
    page,
    cdp,
    questions,
    settled: () => settled(questions),
    memory: () => memoryOf(browser, cdp),
    hostMemory: () => residentMegabytes(host.pid),
    processorTime: async () => {
      const pids = [host.pid, ...(await renderers(browser))]
      return pids.reduce<number>((sum, pid) => sum + processorMilliseconds(pid), 0)
    },
    close: async () => {
      await browser.close()
      const ended = new Promise((done) => host.once('exit', done))
      host.kill('SIGINT')
      await ended
    },
  }
}

/** Reads along on the socket between window and engine. */
function watchQuestions(page: Page): readonly Question[] {
  const all: Question[] = []
  const open = new Map<number, Question>()
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      const message = JSON.parse(String(payload)) as { kind: string; id: number; name?: string }
      if (message.kind !== 'ask') return
      const question: Question = { name: message.name ?? '', sentAt: performance.now(), answeredAt: undefined }
      all.push(question)
      open.set(message.id, question)
    })
    socket.on('framereceived', ({ payload }) => {
      const found = /^\{"kind":"(?:done|failed)","id":(\d+)/.exec(String(payload).slice(0, 60))
      const question = found && open.get(Number(found[1]))
      if (question) question.answeredAt = performance.now()
    })
  })
  return all
}

async function settled(questions: readonly Question[]): Promise<void> {
  const started = performance.now()
  while (performance.now() - started < MOST_MS) {
    const last = questions.reduce((at, q) => Math.max(at, q.answeredAt ?? Infinity), started)
    if (performance.now() - last > QUIET_MS) return
    await new Promise((done) => setTimeout(done, 20))
  }
  throw new Error(
    `No answer: ${questions
      .filter((q) => q.answeredAt === undefined)
      .map((q) => q.name)
      .join(', ')}`,
  )
}

async function memoryOf(browser: Browser, cdp: CDPSession): Promise<{ process: number; heap: number }> {
  await cdp.send('HeapProfiler.collectGarbage')
  await cdp.send('Performance.enable')
  const { metrics } = await cdp.send('Performance.getMetrics')
  return {
    process: Math.max(...(await renderers(browser)).map(residentMegabytes)),
    heap: (metrics.find((one) => one.name === 'JSHeapUsedSize')?.value ?? NaN) / 1e6,
  }
}

/** The processes that run pages. */
async function renderers(browser: Browser): Promise<number[]> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  return processInfo.filter((one) => one.type === 'renderer').map((one) => one.id)
}

/** Time in user and kernel mode, from ticks of 10 ms. */
function processorMilliseconds(pid: number | undefined): number {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return NaN
  }
}

/** Resident memory of a process, MB; Linux only, elsewhere NaN. */
function residentMegabytes(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8')
    return (Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024) / 1e6
  } catch {
    return NaN
  }
}
