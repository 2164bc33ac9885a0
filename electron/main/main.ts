import { app, BrowserWindow, dialog, Menu, MessageChannelMain, protocol, session, utilityProcess } from 'electron'
import { startDesktop } from './desktop.ts'

declare const __TRAILCASE_COMMIT__: string

startDesktop(
  { app, BrowserWindow, dialog, Menu, MessageChannelMain, protocol, session, utilityProcess },
  {
    builtFolder: import.meta.dirname,
    commit: __TRAILCASE_COMMIT__,
    args: process.argv.slice(1),
    workingFolder: process.cwd(),
    env: process.env,
    now: () => Date.now(),
  },
)
