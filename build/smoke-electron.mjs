// `npm run smoke:electron [-- --app FILE]`: what the tests check against a stand-in, in a real Electron.
//
//   without --app   the Electron of this checkout (node_modules/electron, or ELECTRON_OVERRIDE_DIST_PATH) with the built desktop
//   --app FILE      an installed Trailcase: its fuses, and that it does not open itself to other programs
//
// Prints JSON: {ok, electron, checks: [{name, ok, found}]}; `ok` is null where a check could not be made. Exit code 1 when one failed. Where there is no Electron
// binary it says so in one line. Nothing outside a temporary folder is written.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBuiltOrExit } from './build.mjs'

const root = join(import.meta.dirname, '..')

/** The program that Electron's installer put there. Its own `require('electron')` would try to download one. */
export function findElectron(folder = join(root, 'node_modules/electron'), env = process.env) {
  const named = join(folder, 'path.txt')
  const name = existsSync(named) ? readFileSync(named, 'utf8').trim() : 'electron'
  const binary = join(env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'), name)
  return existsSync(binary) ? binary : undefined
}

const fuseNames = [
  'runAsNode',
  'cookieEncryption',
  'nodeOptions',
  'nodeCliInspect',
  'asarIntegrity',
  'onlyLoadAppFromAsar',
  'browserSnapshot',
  'fileProtocolPrivileges',
]
const wantedFuses = {
  runAsNode: false,
  cookieEncryption: true,
  nodeOptions: false,
  nodeCliInspect: false,
  asarIntegrity: true,
  onlyLoadAppFromAsar: true,
  fileProtocolPrivileges: false,
}

/** The fuses of an Electron program, as they stand in its bytes: sentinel, version, count, one digit each. */
export function readFuses(bytes) {
  const wire = /dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX[^]{2}([01r]{8,})/.exec(bytes.toString('latin1'))?.[1]
  return wire === undefined ? undefined : Object.fromEntries(fuseNames.map((name, n) => [name, wire[n] === '1']))
}

/** Collects checks: each has a name, what was found, and whether that is what was promised. */
function newReport() {
  const checks = []
  const check = async (name, find, isGood = (found) => found === true) => {
    try {
      const found = await find()
      // What could not be asked is neither kept nor broken.
      checks.push({ name, ok: found === null ? null : Boolean(isGood(found)), found: found ?? null })
    } catch (error) {
      checks.push({ name, ok: false, found: `failed: ${error.message}` })
    }
  }
  return { checks, check }
}

const asRoot = process.getuid?.() === 0
const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)

/** Chromium as root runs only without its sandbox; without a display it draws into memory. */
const switches = (folder) => [
  ...(asRoot ? ['--no-sandbox'] : []),
  ...(hasDisplay ? [] : ['--ozone-platform=headless']),
  `--user-data-dir=${join(folder, 'chromium')}`,
]

const environment = (folder) => ({ ...process.env, XDG_DATA_HOME: join(folder, 'data'), TMPDIR: join(folder, 'tmp') })

/** Runs a program to its end; kills it after `limitMs`. Gives its exit code, or `running`. */
function exitCodeOf(program, args, env, limitMs) {
  return new Promise((done) => {
    const child = spawn(program, args, { stdio: 'ignore', env })
    const timer = setTimeout(() => {
      done('running')
      child.kill('SIGKILL')
    }, limitMs)
    child.on('error', (error) => done(error.message))
    child.on('exit', (code) => {
      clearTimeout(timer)
      done(code)
    })
  })
}

/** A server that must never see anyone. */
function lonelyServer() {
  let connections = 0
  const server = createServer((socket) => {
    connections++
    socket.destroy()
  })
  return new Promise((done) =>
    server.listen(0, '127.0.0.1', () =>
      done({ port: server.address().port, connections: () => connections, close: () => server.close() }),
    ),
  )
}

// The functions below run inside the page.

export const inPage = {
  leaks: () => ['require', 'process', 'module', 'Buffer', '__dirname'].filter((name) => name in globalThis),
  bridge: () => ({ names: Object.keys(globalThis.trailcase), isFrozen: Object.isFrozen(globalThis.trailcase) }),
  // A moment later: what the debugger itself runs may evaluate text in any page.
  evaluates: () =>
    new Promise((done) =>
      setTimeout(() => {
        try {
          done(globalThis.eval('1 + 1') === 2)
        } catch {
          done(false)
        }
      }),
    ),
  makesMarkup: () => {
    try {
      document.createElement('div').innerHTML = '<b>text</b>'
      return true
    } catch {
      return false
    }
  },
  policy: async () => (await fetch('app://main/index.html')).headers.get('content-security-policy'),
  status: async (address) => (await fetch(address)).status,
  reaches: async (port) => {
    const tries = [
      fetch(`http://127.0.0.1:${port}/`, { mode: 'no-cors' }),
      new Promise((yes, no) =>
        Object.assign(new Image(), { onload: yes, onerror: no, src: `http://127.0.0.1:${port}/x.png` }),
      ),
      new Promise((yes, no) => Object.assign(new WebSocket(`ws://127.0.0.1:${port}/`), { onopen: yes, onerror: no })),
    ]
    return (await Promise.allSettled(tries)).filter((one) => one.status === 'fulfilled').length
  },
  opensWindow: () => globalThis.open('app://main/index.html') !== null,
  downloads: () => {
    const link = Object.assign(document.createElement('a'), { href: 'app://main/index.html', download: 'x.html' })
    document.body.append(link)
    link.click()
    link.remove()
  },
  embeds: () => {
    const view = document.createElement('webview')
    view.setAttribute('src', 'app://main/index.html')
    document.body.append(view)
    const isReal = typeof view.getWebContentsId === 'function'
    view.remove()
    return isReal
  },
  hearsPackage: () =>
    new Promise((done) =>
      globalThis.trailcase.listen((text) => {
        const message = JSON.parse(text)
        if (message.kind === 'open') done([message.purpose, message.label])
      }),
    ),
  navigates: async () => {
    globalThis.location.href = 'https://trailcase.invalid/'
    await new Promise((done) => setTimeout(done, 500))
    return globalThis.location.href
  },
  mayUse: async () => {
    const tries = {
      camera: () => navigator.mediaDevices.getUserMedia({ video: true }),
      geolocation: () => new Promise((yes, no) => navigator.geolocation.getCurrentPosition(yes, no)),
      notifications: async () => {
        if ((await Notification.requestPermission()) !== 'granted') throw new Error('denied')
      },
      clipboardRead: () => navigator.clipboard.readText(),
    }
    const given = []
    for (const [name, attempt] of Object.entries(tries)) {
      try {
        await attempt()
        given.push(name)
      } catch {
        // Denied, as promised.
      }
    }
    return given
  },
  ask: ([name, input]) =>
    new Promise((done) => {
      const id = Math.floor(Math.random() * 1e15)
      globalThis.trailcase.listen((text) => {
        const message = JSON.parse(text)
        if (message.id === id && message.kind === 'done') done({ ok: true, value: message.value })
        if (message.id === id && message.kind === 'failed') done(message.failure)
      })
      globalThis.trailcase.post(JSON.stringify({ kind: 'ask', id, name, input }))
    }),
  afterEngineCrash: () =>
    new Promise((done) => {
      const kinds = []
      globalThis.trailcase.listen((text) => {
        kinds.push(JSON.parse(text).kind)
        if (kinds.includes('engine-ready')) done(kinds)
      })
    }),
}

async function checkCheckout(binary, folder) {
  const { _electron } = await import('playwright-core')
  const { checks, check } = newReport()
  const server = await lonelyServer()
  const env = environment(folder)
  const app = await _electron.launch({
    executablePath: binary,
    args: [...switches(folder), root],
    env,
    timeout: 60_000,
  })
  try {
    const page = await app.firstWindow()
    await page.waitForLoadState('domcontentloaded')
    const ask = (name, input) => page.evaluate(inPage.ask, [name, input])

    await check(
      'the window shows app://main/index.html',
      () => page.url(),
      (url) => url === 'app://main/index.html',
    )
    await check(
      'the window is sandboxed and isolated, without Node and webviews',
      () =>
        app.evaluate(({ BrowserWindow }) => {
          // Electron does not document this one; a version without it is not checked here.
          const preferences = BrowserWindow.getAllWindows()[0].webContents.getLastWebPreferences?.()
          if (!preferences) return null
          const { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity } = preferences
          return { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity }
        }),
      (p) => p && p.sandbox && p.contextIsolation && !p.nodeIntegration && !p.webviewTag && p.webSecurity !== false,
    )
    await check(
      'the page knows nothing of Node',
      () => page.evaluate(inPage.leaks),
      (names) => names.length === 0,
    )
    await check(
      'the page is given one frozen pair of functions',
      () => page.evaluate(inPage.bridge),
      ({ names, isFrozen }) => isFrozen && names.sort().join() === 'listen,post',
    )
    await check(
      'the policy is the strict one',
      () => page.evaluate(inPage.policy),
      (text) => /^default-src 'none'; script-src 'self';.*require-trusted-types-for 'script'/.test(text),
    )
    await check(
      'text does not become script',
      () => page.evaluate(inPage.evaluates),
      (did) => did === false,
    )
    await check(
      'text does not become markup',
      () => page.evaluate(inPage.makesMarkup),
      (did) => did === false,
    )
    await check(
      'files outside the list cannot be had',
      () => page.evaluate(inPage.status, 'app://main/../node/main.cjs'),
      (status) => status === 404,
    )
    await check(
      'the page reaches no server',
      async () => [await page.evaluate(inPage.reaches, server.port), server.connections()],
      ([reached, seen]) => reached === 0 && seen === 0,
    )
    await check(
      'main reaches no server either through its session',
      () =>
        app.evaluate(async ({ session }, port) => {
          const own = session.fromPartition('trailcase')
          return own.fetch(`http://127.0.0.1:${port}/`).then(
            () => 'reached',
            () => 'blocked',
          )
        }, server.port),
      (found) => found === 'blocked' && server.connections() === 0,
    )
    await check(
      'no second window opens',
      () => page.evaluate(inPage.opensWindow),
      (did) => did === false,
    )
    await check(
      'nothing is downloaded',
      async () => {
        await app.evaluate(({ session }) => {
          globalThis.downloads = []
          session
            .fromPartition('trailcase')
            .on('will-download', (event) => globalThis.downloads.push(event.defaultPrevented))
        })
        await page.evaluate(inPage.downloads)
        await new Promise((done) => setTimeout(done, 500))
        return app.evaluate(() => globalThis.downloads)
      },
      // Not even begun, or begun and prevented.
      (prevented) => prevented.every((one) => one === true),
    )
    await check(
      'no page is embedded',
      () => page.evaluate(inPage.embeds),
      (did) => did === false,
    )
    await check(
      'the page does not leave',
      () => page.evaluate(inPage.navigates),
      (url) => url === 'app://main/index.html',
    )
    await check(
      'no permission is given',
      () => page.evaluate(inPage.mayUse),
      (given) => given.length === 0,
    )
    await check(
      'main says that it is the desktop',
      () => ask('host.describe', {}),
      (r) => r.value?.kind === 'desktop',
    )
    await check(
      'the engine opens the sample investigation: SQLite and the parsing threads work in its process',
      async () => (await ask('cases.openSample', { examiner: { name: 'Smoke test' } })).value?.events ?? 0,
      (events) => events > 0,
    )
    await check(
      'a second start hands over and ends',
      () => exitCodeOf(binary, [...switches(folder), root], env, 20_000),
      (code) => code === 0,
    )
    await check(
      'a package from a second start is told to the window, to be looked at',
      async () => {
        const told = page.evaluate(inPage.hearsPackage)
        await exitCodeOf(binary, [...switches(folder), root, join(folder, 'stranger.tcase')], env, 20_000)
        return told
      },
      ([purpose, label]) => purpose === 'open-package' && label === 'stranger.tcase',
    )
    await check(
      'an engine that crashed is started again, and the window is told',
      async () => {
        const told = page.evaluate(inPage.afterEngineCrash)
        await app.evaluate(({ app }) => {
          const engine = app.getAppMetrics().find((one) => one.name === 'Trailcase engine')
          process.kill(engine.pid, 'SIGKILL')
        })
        return [...(await told), (await ask('host.describe', {})).ok]
      },
      (found) => found.join() === 'engine-gone,engine-ready,true',
    )
    await check(
      'a window that crashed is loaded again',
      async () => {
        await app.evaluate(
          ({ BrowserWindow }) =>
            new Promise((done) => {
              const { webContents } = BrowserWindow.getAllWindows()[0]
              webContents.once('dom-ready', () => done())
              webContents.forcefullyCrashRenderer()
            }),
        )
        return app.evaluate(({ BrowserWindow }) =>
          BrowserWindow.getAllWindows()[0].webContents.executeJavaScript('typeof globalThis.trailcase.post'),
        )
      },
      (type) => type === 'function',
    )
    const electron = await app.evaluate(() => process.versions.electron)
    return { electron, checks }
  } finally {
    await app.close().catch(() => undefined)
    server.close()
  }
}

async function checkInstalled(binary, folder) {
  const { checks, check } = newReport()
  await check(
    'the fuses are set',
    () => readFuses(readFileSync(binary)),
    (found) => found && Object.entries(wantedFuses).every(([name, wanted]) => found[name] === wanted),
  )
  // Elsewhere the reason is a message box that somebody must read first.
  if (process.platform === 'linux')
    for (const name of ['remote-debugging-port=0', 'disable-web-security'])
      await check(
        `it does not start with --${name.split('=')[0]}`,
        () => exitCodeOf(binary, [...switches(folder), `--${name}`], environment(folder), 10_000),
        (code) => code === 2,
      )
  return { electron: null, checks }
}

async function main() {
  const { values } = parseArgs({ options: { app: { type: 'string' } } })
  const binary = values.app ?? findElectron()
  if (binary === undefined || !existsSync(binary)) {
    process.stdout.write('skipped: no Electron binary\n')
    return
  }
  if (values.app === undefined) await ensureBuiltOrExit()
  const folder = mkdtempSync(join(tmpdir(), 'trailcase-smoke-'))
  for (const name of ['data', 'tmp']) mkdirSync(join(folder, name))
  try {
    const report = await (values.app === undefined ? checkCheckout : checkInstalled)(binary, folder)
    const ok = report.checks.every((one) => one.ok !== false)
    process.stdout.write(`${JSON.stringify({ ok, ...report }, null, 2)}\n`)
    process.exitCode = ok ? 0 : 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (process.argv[1] === import.meta.filename) await main()
