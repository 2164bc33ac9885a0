// The window on a large case, in real Chromium against the browser host: how scrolling feels, whether rows are ever blank, how much memory
// it takes and how long each place waits for its answers.
// Options: --events N (1,000,000) or --case FILE; --width and --height of the window; --verbose names the questions behind each place;
// --only places or --only scrolling;
// --cpu tells the processor time of host and page together instead, for a busy machine (frames come late there whatever they show).
import { parseArgs } from 'node:util'
import { benchEngine } from './bench-case.ts'
import { framesOf, type Frames } from './frame-watch.ts'
import { measured } from './measured.ts'
import { median } from './stopwatch.ts'
import { openWindow, type BenchWindow } from './window-host.ts'

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    case: { type: 'string' },
    width: { type: 'string', default: '1280' },
    height: { type: 'string', default: '800' },
    only: { type: 'string', default: '' },
    cpu: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
})
/** A frame that comes later than this after the one before was missed at 60 per second. */
const LATE_MS = 25
let label = ''

void main()

async function main(): Promise<void> {
  const bench = benchEngine()
  try {
    const path = await bench.caseFile(values.case, Number(values.events))
    const size = { width: Number(values.width), height: Number(values.height) }
    const started = performance.now()
    const window = await openWindow(path, bench.folder, size)
    try {
      await window.settled()
      // Nobody has said who works here: the window asks, and may be told later.
      await window.page.keyboard.press('Escape')
      const found = (await window.page.getByRole('status', { name: 'Events found' }).textContent()) ?? ''
      const total = Number(/of ([\d,]+) event/.exec(found)?.[1]?.replaceAll(',', ''))
      label = `${(total / 1e6).toLocaleString('en-US', { maximumFractionDigits: 1 })} M events, window`
      const answered = Math.max(...window.questions.map((q) => q.answeredAt ?? 0))
      measured(`${label}: host and Chromium started, case open, overview answered`, answered - started, 'ms')
      measured(`${label}: the same, processor time`, await window.processorTime(), 'ms')
      said(window, 0)
      if (values.only !== 'scrolling') await places(window)
      if (values.only !== 'places') await scrolling(window)
      const { process: resident, heap } = await window.memory()
      measured(`${label}: memory of its process after all this`, resident, 'MB', '< 400')
      measured(`${label}: memory of its JavaScript`, heap, 'MB')
      measured(`${label}: memory of the host with the engine`, window.hostMemory(), 'MB')
    } finally {
      await window.close()
    }
  } finally {
    await bench.end()
  }
}

/** Goes to each place as an address does, and waits until all that it asks is answered. */
async function places(window: BenchWindow): Promise<void> {
  const visits: readonly (readonly [what: string, address: string])[] = [
    ['events', '/events'],
    ['events of a query', '/events?q=eventName:Get*'],
    ['events of a free-text word', '/events?q=bucket'],
    ['overview', '/overview'],
    ['overview of a query', '/overview?q=readOnly:false'],
    ['identities', '/identities'],
    ['timeline', '/timeline'],
    ['timeline of a query', '/timeline?q=access:denied'],
    ['comparison', `/events?q=access:denied&about=${encodeURIComponent('compare:/events')}`],
    ['evidence', '/evidence'],
    ['SQL', '/sql'],
  ]
  for (const [what, address] of visits) await visit(window, what, address)
  for (const tab of ['Access keys', 'Addresses', 'Agents', 'Resources', 'Accounts']) {
    await visit(window, 'identities', '/identities', true)
    const cell = window.page.getByRole('grid', { name: tab }).getByRole('row').nth(1).getByRole('gridcell').nth(1)
    await wait(window, `identities by ${tab.toLowerCase()}`, () => window.page.getByRole('tab', { name: tab }).click())
    await wait(window, `page of the busiest of ${tab.toLowerCase()}`, () => cell.dblclick())
  }
}

async function visit(window: BenchWindow, what: string, address: string, quiet = false): Promise<void> {
  await wait(window, what, () => window.page.evaluate((to) => void (location.hash = to), address), quiet)
}

/** From an act to the last answer that it asked for. */
async function wait(window: BenchWindow, what: string, act: () => Promise<unknown>, quiet = false): Promise<void> {
  const before = window.questions.length
  const started = performance.now()
  const used = await window.processorTime()
  await act()
  await new Promise((done) => setTimeout(done, 50))
  await window.settled()
  const asked = window.questions.slice(before)
  const last = asked.reduce((at, q) => Math.max(at, q.answeredAt ?? 0), started)
  if (!quiet && values.cpu)
    measured(`${label}: ${what}, processor time`, (await window.processorTime()) - used, 'ms of processor')
  if (!quiet && !values.cpu) measured(`${label}: ${what}, all answered`, last - started, 'ms', '< 1,000')
  said(window, before)
}

function said(window: BenchWindow, from: number): void {
  if (!values.verbose) return
  for (const { name, sentAt, answeredAt } of window.questions.slice(from))
    process.stderr.write(`  ${name} ${((answeredAt ?? NaN) - sentAt).toFixed(0)} ms\n`)
}

async function scrolling(window: BenchWindow): Promise<void> {
  const { page } = window
  await visit(window, 'events', '/events', true)
  const grid = page.getByRole('grid', { name: 'Events' })
  const box = await grid.boundingBox()
  if (!box) throw new Error('The list of events is not on screen')
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  const run = async (what: string, work: () => Promise<void>): Promise<void> => {
    const frames = await framesOf(page, async () => {
      await work()
      await page.waitForTimeout(200)
    })
    tell(what, frames)
    await window.settled()
  }
  await page.mouse.move(x, y)
  await run('nothing moves', () => page.waitForTimeout(1000))
  for (const [what, step] of [
    ['wheel, 100 px a step', 100],
    ['wheel, 400 px a step', 400],
    ['wheel, 2,000 px a step', 2000],
  ] as const)
    await run(what, async () => {
      for (let n = 0; n < 150; n++) {
        await page.mouse.wheel(0, step)
        await page.waitForTimeout(8)
      }
    })
  await run('page down, 60 times', async () => {
    await grid.press('PageDown')
    for (let n = 0; n < 60; n++) {
      await page.keyboard.press('PageDown')
      await page.waitForTimeout(33)
    }
  })
  await grid.press('Home')
  await window.settled()
  await run('bar dragged to the end', () => drag(window, box, 0, 1))
  const reached = await grid.evaluate((one) => one.scrollTop / (one.scrollHeight - one.clientHeight))
  if (reached < 0.9) throw new Error(`The bar did not follow the hand: ${reached}`)
  await run('bar dragged to the middle', () => drag(window, box, 1, 0.5))
  const jumps: number[] = []
  for (const key of ['End', 'Home', 'End', 'Home', 'End']) {
    const before = performance.now()
    await page.keyboard.press(key)
    await page.waitForFunction((last) => {
      const rows = [...document.querySelectorAll('[role=grid][aria-label=Events] [role=rowgroup] > [role=row]')]
      const count = Number(document.querySelector('[role=grid][aria-label=Events]')?.getAttribute('aria-rowcount'))
      const wanted = rows.find((row) => Number(row.getAttribute('aria-rowindex')) === (last ? count : 2))
      return wanted !== undefined && wanted.textContent !== ''
    }, key === 'End')
    jumps.push(performance.now() - before)
    await window.settled()
  }
  measured(`${label}: jump to the last or first row, shown`, median(jumps), 'ms')
}

type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

/** Drags the thumb from one share of the way to another, as a hand does in a second. */
async function drag({ page }: BenchWindow, box: Box, from: number, to: number): Promise<void> {
  // Chromium's bar: an arrow at each end, and a thumb that is as short as it gets; the bar of the columns is below.
  const [arrow, thumb, bar] = [15, 18, 15]
  const x = box.x + box.width - bar / 2
  const room = box.height - bar - 2 * arrow - thumb
  const at = (share: number): number => box.y + arrow + thumb / 2 + share * room
  await page.mouse.move(x, at(from))
  await page.mouse.down()
  const steps = 60
  for (let n = 1; n <= steps; n++) {
    await page.mouse.move(x, at(from + ((to - from) * n) / steps))
    await page.waitForTimeout(12)
  }
  await page.mouse.up()
}

function tell(what: string, { seconds, gaps, blank, worstBlank, longTasks }: Frames): void {
  const late = gaps.filter((gap) => gap > LATE_MS).length
  measured(`${label}: ${what}, frames per second`, gaps.length / seconds, '', '60')
  measured(`${label}: ${what}, frames later than ${LATE_MS} ms`, (100 * late) / Math.max(1, gaps.length), '%')
  measured(`${label}: ${what}, frames with a blank row`, (100 * blank) / Math.max(1, gaps.length + 1), '%', '0')
  measured(`${label}: ${what}, height without rows at most`, worstBlank, 'px', '0')
  measured(`${label}: ${what}, longest task`, Math.max(0, ...longTasks), 'ms')
}
