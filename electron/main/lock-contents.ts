import type { WebContents } from 'electron'

/**
 * Keeps what is shown where it is: no other address, no second window, no embedded page, no peer connection. The first
 * load and a reload by main are no navigation in this sense.
 */
export function lockContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-navigate', (event) => event.preventDefault())
  contents.on('will-frame-navigate', (event) => event.preventDefault())
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.on('select-bluetooth-device', (event, _devices, choose) => {
    event.preventDefault()
    choose('')
  })
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
}
