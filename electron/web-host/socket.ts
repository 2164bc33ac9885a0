import type { WebSocket } from 'ws'
import { serveRequests, type Answerer } from './serve-requests.ts'

/** Unsent bytes at which no more is read from the socket, and progress is dropped, until the window has caught up. */
const HIGH_WATER = 8_000_000

/** Serves one window until its socket closes; what it was still asking for is then cancelled. */
export function serveSocket(socket: WebSocket, answer: Answerer): void {
  const requests = serveRequests(answer, {
    send: (text) => {
      if (socket.readyState !== socket.OPEN) return
      socket.send(text, () => {
        if (socket.isPaused && socket.bufferedAmount < HIGH_WATER / 2) socket.resume()
      })
      if (socket.bufferedAmount >= HIGH_WATER && !socket.isPaused) socket.pause()
    },
    hasRoom: () => socket.bufferedAmount < HIGH_WATER,
  })

  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (!isBinary) requests.take(data.toString('utf8'))
  })
  // Broken frames end in `close`, which follows.
  socket.on('error', () => undefined)
  socket.on('close', () => requests.cancelAll())
}
