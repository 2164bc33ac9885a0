import type { Page } from 'playwright-core'

/** What frames showed while something moved. */
export type Frames = {
  readonly seconds: number
  /** From one frame to the next, ms. */
  readonly gaps: readonly number[]
  /** Frames in which a part of the list had no text, and how many px of it at most. */
  readonly blank: number
  readonly worstBlank: number
  /** Tasks of more than 50 ms, ms each. */
  readonly longTasks: readonly number[]
}

type Watch = { gaps: number[]; blank: number; worstBlank: number; longTasks: number[]; end: () => void }
type Watched = typeof globalThis & { frameWatch?: Watch }

/** Watches every frame of the list of events while `work` is done. */
export async function framesOf(page: Page, work: () => Promise<void>): Promise<Frames> {
  await page.evaluate(startWatch)
  const started = performance.now()
  await work()
  const seconds = (performance.now() - started) / 1000
  const found = await page.evaluate(() => {
    const { frameWatch } = globalThis as Watched
    if (!frameWatch) throw new Error('The watch was not started')
    frameWatch.end()
    const { gaps, blank, worstBlank, longTasks } = frameWatch
    return { gaps, blank, worstBlank, longTasks }
  })
  return { seconds, ...found }
}

/**
 * Runs in the page. Just before a frame is painted it looks how much of the view is covered by rows that say something; what is
 * missing then is missing on screen.
 */
function startWatch(): void {
  const grid = document.querySelector('[role=grid][aria-label=Events]')
  const head = grid?.querySelector('[role=columnheader]')
  if (!grid || !head) throw new Error('There is no list of events')
  const watch: Watch = { gaps: [], blank: 0, worstBlank: 0, longTasks: [], end: () => undefined }
  let last: number | undefined
  let ended = false
  const look = (now: number): void => {
    if (ended) return
    if (last !== undefined) watch.gaps.push(now - last)
    last = now
    const box = grid.getBoundingClientRect()
    const top = head.getBoundingClientRect().bottom
    const bottom = box.top + grid.clientHeight
    let covered = 0
    for (const row of grid.querySelectorAll('[role=rowgroup] > [role=row]')) {
      const { top: from, bottom: to } = row.getBoundingClientRect()
      if (row.textContent !== '') covered += Math.max(0, Math.min(to, bottom) - Math.max(from, top))
    }
    const missing = bottom - top - covered
    if (missing > 1) {
      watch.blank++
      watch.worstBlank = Math.max(watch.worstBlank, missing)
    }
    requestAnimationFrame(look)
  }
  const tasks = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) watch.longTasks.push(entry.duration)
  })
  tasks.observe({ entryTypes: ['longtask'] })
  watch.end = () => {
    ended = true
    tasks.disconnect()
  }
  ;(globalThis as Watched).frameWatch = watch
  requestAnimationFrame(look)
}
