import { serveRequests, type Answerer } from '#electron/web-host/serve-requests.ts'
import type { Port } from './ports.ts'

/** The longest message of a window, in UTF-16 units; a window that sends a longer one is cut off. */
const MOST_LENGTH = 4_000_000

/**
 * Serves one window until its port closes; what it was still asking for is then cancelled. Messages are JSON texts;
 * whatever is not exactly one of ours is dropped. Ports do not tell how much waits in them.
 *
 * @returns ends the service: cancels everything and resolves when the last request has ended.
 */
export function servePort(port: Port, answer: Answerer, gone: () => void): () => Promise<void> {
  let isClosed = false
  const requests = serveRequests(answer, {
    send: (text) => {
      if (!isClosed) port.postMessage(text)
    },
    hasRoom: () => true,
  })
  const close = (): void => {
    if (isClosed) return
    isClosed = true
    requests.cancelAll()
    gone()
  }

  port.on('message', ({ data }) => {
    if (isClosed || typeof data !== 'string') return
    if (data.length <= MOST_LENGTH) {
      requests.take(data)
      return
    }
    close()
    port.close()
  })
  port.on('close', close)
  port.start()

  return async () => {
    requests.cancelAll()
    await requests.ended()
  }
}
