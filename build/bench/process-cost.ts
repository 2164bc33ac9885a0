import { readFileSync } from 'node:fs'

/** The most memory a process has held so far, in MB; 0 where the system does not say. */
export function peakMb(pid: number | undefined): number {
  const kb = /VmHWM:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1]
  return Number(kb ?? 0) / 1000
}

/** Processor time of all threads of a process so far, in seconds; 0 where the system does not say. */
export function processorSeconds(pid: number | undefined): number {
  // After the name in parentheses come the state and further numbers; the 12th and 13th are user and system time in ticks of 10 ms.
  const fields = read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
