import type { BrowserWindow, BrowserWindowConstructorOptions, MessagePortMain, Session } from 'electron'
import type { HostNotice } from '#shared/contract/bridge.ts'
import { isWindowAddress } from './app-protocol.ts'

/** Everything that is known to narrow a window, said aloud even where it is Electron's default. */
export function windowOptions(
  session: Session,
  preload: string,
  title: string,
  withDeveloperTools: boolean,
): BrowserWindowConstructorOptions {
  return {
    title,
    show: false,
    width: 1440,
    height: 900,
    minWidth: 800,
    minHeight: 560,
    webPreferences: {
      session,
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      plugins: false,
      spellcheck: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      disableDialogs: true,
      devTools: withDeveloperTools,
    },
  }
}

/**
 * The one way from main to the window. Only the main frame hears it, and only while it shows the window's own page: a port
 * to the engine is never given to anything else.
 */
export function tellWindow(window: BrowserWindow, notice: HostNotice, ports: MessagePortMain[]): void {
  if (window.isDestroyed()) return
  const frame = window.webContents.mainFrame
  if (!isWindowAddress(frame.url)) return
  frame.postMessage('trailcase', notice, ports)
}
