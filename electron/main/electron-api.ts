type Electron = typeof import('electron')

/** The parts of Electron that the desktop uses, as an argument: only `main.ts` imports the module itself. */
export type ElectronApi = Pick<
  Electron,
  'app' | 'BrowserWindow' | 'dialog' | 'Menu' | 'MessageChannelMain' | 'protocol' | 'session' | 'utilityProcess'
>
