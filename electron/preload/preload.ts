import { contextBridge, ipcRenderer } from 'electron'
import type { HostNotice } from '#shared/contract/bridge.ts'
import { bridgeOverPort, type EnginePort } from './bridge-over-port.ts'

const { bridge, hear } = bridgeOverPort()

// The one thing this listens to. Nothing is ever sent to main from here.
ipcRenderer.on('trailcase', (event, notice: HostNotice) => {
  // Electron's types name the page's own `MessagePort`, which only a page's types know.
  const ports: unknown = event.ports
  hear(notice, (ports as readonly EnginePort[])[0])
})
contextBridge.exposeInMainWorld('trailcase', bridge)
