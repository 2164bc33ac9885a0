/** Milliseconds that work took: of the wall clock, or of the processor over all threads. */
export type Stopwatch = (work: () => Promise<unknown>) => Promise<number>

export const wallClock: Stopwatch = async (work) => {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/** For a machine that is busy with other things, where the wall clock says little. */
export const processorTime: Stopwatch = async (work) => {
  const started = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(started)
  return (user + system) / 1000
}

export function median(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? NaN
}
