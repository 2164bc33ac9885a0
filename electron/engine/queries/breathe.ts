import { stopIfCancelled } from '../refusal.ts'

/**
 * Between two steps of a long answer: lets other questions of the window in, and a person's wish to stop this one.
 * @throws Refusal `cancelled`
 */
export async function breathe(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  stopIfCancelled(signal)
}
