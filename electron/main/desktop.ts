import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserWindow, UtilityProcess } from 'electron'
import { visible } from '#shared/base/visible.ts'
import type { HostNotice } from '#shared/contract/bridge.ts'
import type { EngineHostSetting } from '#electron/engine-host/protocol.ts'
import { Acquisitions } from '#electron/web-host/acquisitions.ts'
import { Grants } from '#electron/web-host/grants.ts'
import { RecentCases } from '#electron/web-host/recent-cases.ts'
import { userDataFolder } from '#electron/web-host/user-data.ts'
import { readWindowFiles } from '#electron/web-host/window-files.ts'
import { answerWindow, windowAddress, windowScheme } from './app-protocol.ts'
import { choosePaths } from './choose-paths.ts'
import type { ElectronApi } from './electron-api.ts'
import { EngineProcess } from './engine-process.ts'
import { forkAcquireHost } from './fork-acquire-host.ts'
import { granted, hostAnswers, spendGrants } from './host-answers.ts'
import { lockContents } from './lock-contents.ts'
import { lockSession } from './lock-session.ts'
import { contextMenuTemplate, menuTemplate } from './menu.ts'
import { Restarts } from './restarts.ts'
import { startArguments, type StartArguments } from './start-arguments.ts'
import { checkStart, quietSwitches } from './startup-checks.ts'
import { tellWindow, windowOptions } from './window.ts'

export type DesktopSetting = {
  /** dist/node, in a checkout or in the archive of an installation. */
  readonly builtFolder: string
  readonly commit: string
  /** The command line, without the program itself. */
  readonly args: readonly string[]
  readonly workingFolder: string
  readonly env: NodeJS.ProcessEnv
  readonly now: () => number
}

/** SQLite's statements each hold one thread of the pool while they run; four, Node's default, is too few. */
const POOL_THREADS = '12'
/** What the engine's process gets of the environment: where temporary files go, and what Windows needs to run at all. */
const passedOn = ['TMPDIR', 'TEMP', 'TMP', 'SystemRoot']

/**
 * The desktop: one window, one engine, nothing else. Main itself reads no evidence and opens no case; it knows which paths a
 * person chose, and tells them to the engine when the window spends the grant.
 */
export function startDesktop(electron: ElectronApi, setting: DesktopSetting): void {
  const { app, dialog, protocol } = electron
  const check = checkStart((name) => app.commandLine.hasSwitch(name), app.isPackaged)
  if (check.kind === 'refuse') {
    dialog.showErrorBox('Trailcase does not start', check.message)
    app.exit(2)
    return
  }
  protocol.registerSchemesAsPrivileged([windowScheme])
  app.enableSandbox()
  for (const [name, value] of quietSwitches) app.commandLine.appendSwitch(name, ...(value === undefined ? [] : [value]))
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }

  const desktop = new Desktop(electron, setting, check.kind === 'no-sandbox')
  app.on('web-contents-created', (_event, contents) => lockContents(contents))
  app.on('second-instance', (_event, args, workingFolder) => desktop.openAgain(startArguments(args, workingFolder)))
  app.on('open-file', (event, path) => {
    event.preventDefault()
    desktop.openAgain(startArguments([path], setting.workingFolder))
  })
  app.on('window-all-closed', () => app.quit())
  app.on('will-quit', (event) => desktop.beforeQuit(event))
  void app
    .whenReady()
    .then(async () => {
      if (check.kind === 'no-sandbox' && app.isPackaged && !(await agreesTo(electron, check.message))) {
        app.exit(2)
        return
      }
      await desktop.start()
    })
    .catch((error: unknown) => {
      dialog.showErrorBox('Trailcase does not start', error instanceof Error ? error.message : String(error))
      app.exit(3)
    })
}

/** A question whose safe answer is the default. */
async function agreesTo({ dialog }: ElectronApi, message: string): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message,
    buttons: ['Quit', 'Continue without the sandbox'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  })
  return response === 1
}

class Desktop {
  readonly #electron: ElectronApi
  readonly #setting: DesktopSetting
  readonly #grants = new Grants()
  readonly #recent: RecentCases
  readonly #engine: EngineProcess
  readonly #acquisitions: Acquisitions
  readonly #windowEnds: Restarts
  readonly #isUnboxed: boolean
  /** What the first start asked for; a file that macOS names before the window is there counts too. */
  #start: StartArguments
  #window: BrowserWindow | undefined
  #hasStopped = false

  constructor(electron: ElectronApi, setting: DesktopSetting, isUnboxed: boolean) {
    this.#electron = electron
    this.#setting = setting
    this.#isUnboxed = isUnboxed
    this.#start = startArguments(setting.args, setting.workingFolder)
    this.#recent = new RecentCases(join(userDataFolder(setting.env), 'recent-cases.json'))
    this.#windowEnds = new Restarts(3, 60_000, setting.now)
    this.#acquisitions = new Acquisitions({
      fork: () => forkAcquireHost(electron.utilityProcess, setting.builtFolder, setting.env),
      tool: { name: 'Trailcase', version: electron.app.getVersion(), commit: setting.commit },
      grants: this.#grants,
      log: (text) => console.error(visible(text)),
      agrees: (where) => this.#agreesToLeave(where),
    })
    this.#engine = new EngineProcess({
      fork: () => this.#fork(),
      MessageChannelMain: electron.MessageChannelMain,
      restarts: new Restarts(3, 60_000, setting.now),
      answerHost: (name, input) => this.#answerHost(name, input),
      spend: ({ operation, grants }) => spendGrants(this.#grants, operation, grants),
      opened: (path, title, number) =>
        void this.#recent.note(path, title, number, setting.now()).then(() => this.#showMenu()),
      toWindow: (notice, ports) => this.#window && tellWindow(this.#window, notice, ports),
      log: (text) => console.error(visible(text)),
    })
  }

  async start(): Promise<void> {
    const { session, BrowserWindow } = this.#electron
    const files = await readWindowFiles(join(this.#setting.builtFolder, '../renderer'))
    // In memory: nothing of a case stays in a browser's folders.
    const own = session.fromPartition('trailcase', { cache: false })
    for (const one of [session.defaultSession, own]) lockSession(one, this.#isCheckout)
    own.protocol.handle('app', (request) => answerWindow(request, files))

    const title = this.#isUnboxed ? 'Trailcase (started without the sandbox)' : 'Trailcase'
    const window = new BrowserWindow(
      windowOptions(own, join(this.#setting.builtFolder, 'preload.cjs'), title, this.#isCheckout),
    )
    this.#window = window
    window.once('ready-to-show', () => window.show())
    // The title says how it was started; pages do not change it.
    window.on('page-title-updated', (event) => event.preventDefault())
    window.on('closed', () => (this.#window = undefined))
    window.webContents.on('dom-ready', () => this.#engine.connectWindow())
    window.webContents.on('render-process-gone', (_event, { reason }) => void this.#windowGone(window, reason))
    window.webContents.on('context-menu', (_event, params) =>
      this.#electron.Menu.buildFromTemplate(contextMenuTemplate(params)).popup({ window }),
    )
    this.#engine.start()
    await this.#showMenu()
    await window.loadURL(windowAddress)
  }

  /** A case or a package from outside the window: a second start, the file manager. */
  openAgain({ casePath, packagePath }: StartArguments): void {
    if (!this.#window) {
      if (casePath !== undefined) this.#start = { ...this.#start, casePath }
      if (packagePath !== undefined) this.#start = { ...this.#start, packagePath }
      return
    }
    if (this.#window.isMinimized()) this.#window.restore()
    this.#window.focus()
    if (casePath !== undefined) this.#tellToOpen(casePath)
    if (packagePath !== undefined) this.#tellToOpen(packagePath, 'open-package')
  }

  /** Lets the engine close its cases before the program ends. */
  beforeQuit(event: { preventDefault(): void }): void {
    if (this.#hasStopped) return
    event.preventDefault()
    this.#acquisitions.close()
    void this.#engine.stop().then(() => {
      this.#hasStopped = true
      this.#electron.app.quit()
    })
  }

  get #isCheckout(): boolean {
    return !this.#electron.app.isPackaged
  }

  #fork(): UtilityProcess {
    const { app, utilityProcess } = this.#electron
    const given: EngineHostSetting = {
      version: app.getVersion(),
      commit: this.#setting.commit,
      temporaryFolder: tmpdir(),
    }
    const env = Object.fromEntries(
      passedOn.flatMap((name) => (this.#setting.env[name] === undefined ? [] : [[name, this.#setting.env[name]]])),
    )
    return utilityProcess.fork(join(this.#setting.builtFolder, 'engine-host.cjs'), [JSON.stringify(given)], {
      serviceName: 'Trailcase engine',
      stdio: 'inherit',
      env: { ...env, UV_THREADPOOL_SIZE: POOL_THREADS },
    })
  }

  #answerHost(name: string, input: unknown): ReturnType<ReturnType<typeof hostAnswers>> {
    return hostAnswers(
      {
        version: this.#electron.app.getVersion(),
        commit: this.#setting.commit,
        startCase: this.#start.casePath,
        startPackage: this.#start.packagePath,
        examiner: this.#start.examiner,
        grants: this.#grants,
        recent: this.#recent,
        acquisitions: this.#acquisitions,
        choose: (purpose, suggestedName) =>
          this.#window ? choosePaths(this.#electron.dialog, this.#window, purpose, suggestedName) : Promise.resolve([]),
      },
      (error) => console.error(error),
    )(name, input)
  }

  /** Asked by main itself: a window that was taken over by what it shows cannot answer this. */
  async #agreesToLeave(where: string): Promise<boolean> {
    if (!this.#window) return false
    const { response } = await this.#electron.dialog.showMessageBox(this.#window, {
      type: 'question',
      message: `Fetch from ${where}?`,
      detail:
        'Trailcase then uses the network, in a process of its own, with the keys you gave. Nothing of a case is sent.',
      buttons: ['Cancel', 'Fetch'],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    })
    return response === 1
  }

  #tell(notice: HostNotice): void {
    if (this.#window) tellWindow(this.#window, notice, [])
  }

  #tellToOpen(path: string, purpose: 'open-case' | 'open-package' = 'open-case'): void {
    this.#tell({ kind: 'open', purpose, ...granted(this.#grants, path, purpose) })
  }

  async #showMenu(): Promise<void> {
    const { Menu, dialog } = this.#electron
    const recent = await this.#recent.list()
    const chooseCase = async (): Promise<void> => {
      const [path] = this.#window ? await choosePaths(dialog, this.#window, 'open-case', undefined) : []
      if (path !== undefined) this.#tellToOpen(path)
    }
    const template = menuTemplate({
      recent,
      openCase: () => void chooseCase(),
      openRecent: (path) => this.#tellToOpen(path),
      withDeveloperTools: this.#isCheckout,
      platform: process.platform,
    })
    Menu.setApplicationMenu(Menu.buildFromTemplate(template))
  }

  /** The window's process crashed: load it again; the engine and its cases were not touched. Ask when it goes on. */
  async #windowGone(window: BrowserWindow, reason: string): Promise<void> {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    if (!this.#windowEnds.mayRestart()) {
      const { response } = await this.#electron.dialog.showMessageBox(window, {
        type: 'error',
        message: 'The window has ended several times in a row.',
        detail: 'What was stored is safe. Free some memory, or close Trailcase and open it again.',
        buttons: ['Try again', 'Close Trailcase'],
        defaultId: 0,
        cancelId: 1,
        noLink: true,
      })
      if (response === 1) {
        this.#electron.app.quit()
        return
      }
      this.#windowEnds.forget()
    }
    if (!window.isDestroyed()) window.webContents.reload()
  }
}
