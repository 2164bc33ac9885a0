// `npm run dist [-- --dir | --linux deb … | --arm64 …]`: installers in release/, with checksums and a bill of materials.
// All options go to electron-builder (build/electron-builder.json); without --x64 or --arm64 it builds for this machine's processor. Each system builds its own
// installers: the SQLite binary is the one that is installed here, and one that does not fit is refused before anything is built. Where Electron or the packagers'
// tools cannot be downloaded it says which, and how to bring it.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuiltOrExit } from './build.mjs'
import { readPackage } from './notices.mjs'

const root = join(import.meta.dirname, '..')
const release = join(root, 'release')

/** What each kind of installer needs beside Electron, as electron-builder names the target in its output, and how to bring it. */
const tools = [
  { targets: ['deb', 'rpm'], what: 'fpm', bring: 'put fpm on the PATH and set USE_SYSTEM_FPM=true' },
  { targets: ['AppImage'], what: "electron-builder's AppImage tools", bring: 'mirror' },
  { targets: ['nsis', 'portable'], what: "electron-builder's NSIS and Windows tools", bring: 'mirror' },
  { targets: ['dmg'], what: "electron-builder's dmg tools", bring: 'mirror' },
]
const mirror = 'set ELECTRON_BUILDER_BINARIES_MIRROR=https://mirror/electron-builder-binaries/'

/**
 * What could not be downloaded, in words, from the output of a build that failed; undefined when it failed for another reason. Until a target is built
 * only Electron is fetched; after that the tools of that target.
 */
export function missingFrom(output) {
  if (!/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT|ERR_NON_2XX|cannot resolve https:/.test(output))
    return undefined
  const target = [...output.matchAll(/building\s+target=(\S+)/g)].at(-1)?.[1]
  const tool = tools.find(({ targets }) => targets.some((name) => target?.toLowerCase().includes(name.toLowerCase())))
  const [what, bring] =
    target === undefined
      ? [
          'Electron',
          'give an unpacked Electron of the version in package.json (-c.electronDist=FOLDER), or set ELECTRON_MIRROR=https://mirror/electron/',
        ]
      : tool
        ? [tool.what, tool.bring === 'mirror' ? mirror : tool.bring]
        : [`the tools for ${target}`, mirror]
  return `trailcase: ${what} could not be downloaded. To build without that network, ${bring}. --dir makes the unpacked application without any installer tool.`
}

/** ELF: e_machine. PE: Machine. Mach-O: cputype. */
const processors = new Map([
  [
    'elf',
    new Map([
      [0x3e, 'x64'],
      [0xb7, 'arm64'],
    ]),
  ],
  [
    'pe',
    new Map([
      [0x8664, 'x64'],
      [0xaa64, 'arm64'],
    ]),
  ],
  [
    'macho',
    new Map([
      [0x01000007, 'x64'],
      [0x0100000c, 'arm64'],
    ]),
  ],
])

/** For which system and processor a native module was compiled, such as `linux-arm64`; undefined for anything else. */
export function builtFor(bytes) {
  if (bytes.length < 64) return undefined
  const named = (system, format, machine) => {
    const processor = processors.get(format).get(machine)
    return processor && `${system}-${processor}`
  }
  if (bytes.readUInt32BE(0) === 0x7f454c46) return named('linux', 'elf', bytes.readUInt16LE(18))
  if (bytes.readUInt32LE(0) === 0xfeedfacf) return named('darwin', 'macho', bytes.readUInt32LE(4))
  const header = bytes.readUInt32LE(60)
  const isPe = bytes.toString('latin1', 0, 2) === 'MZ' && bytes.toString('latin1', header, header + 4) === 'PE\0\0'
  return isPe ? named('win32', 'pe', bytes.readUInt16LE(header + 4)) : undefined
}

/** The systems and processors that options of electron-builder ask for, and the options with the processor said. */
export function wanted(args, { platform, arch } = process) {
  const systems = [
    ['linux', ['--linux', '-l']],
    ['win32', ['--win', '--windows', '-w']],
    ['darwin', ['--mac', '--macos', '-m', '-o']],
  ].flatMap(([system, names]) => (args.some((arg) => names.includes(arg)) ? [system] : []))
  const asked = ['x64', 'arm64'].filter((name) => args.includes(`--${name}`))
  const chosen = asked.length > 0 ? asked : [arch]
  return {
    args: asked.length > 0 ? args : [...args, `--${arch}`],
    places: (systems.length > 0 ? systems : [platform]).flatMap((system) => chosen.map((one) => `${system}-${one}`)),
  }
}

/** Packages that lie beside the bundles instead of in them. */
const shippedWhole = ['sqlite3', 'bindings', 'file-uri-to-path', 'electron']

/** Runs electron-builder with its output shown and kept. */
function runBuilder(args) {
  const script = join(root, 'node_modules/electron-builder/cli.js')
  return new Promise((done) => {
    const child = spawn(process.execPath, [script, '--config', 'build/electron-builder.json', ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        output += text
        process.stderr.write(text)
      })
    child.on('close', (code) => done({ code, output }))
  })
}

/** CycloneDX 1.5 of what is in the installers; without time and serial number, so that the same build gives the same file. */
function billOfMaterials() {
  const listed = ['node', 'renderer'].flatMap((part) =>
    JSON.parse(readFileSync(join(root, 'dist', part, 'packages.json'), 'utf8')),
  )
  const whole = shippedWhole.map((name) => readPackage(join(root, 'node_modules', name)))
  const components = new Map()
  for (const { name, version, license } of [...listed, ...whole]) {
    const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`
    components.set(purl, {
      type: 'library',
      'bom-ref': purl,
      name,
      version,
      purl,
      licenses: [{ license: { name: license } }],
    })
  }
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: { type: 'application', 'bom-ref': `pkg:npm/${name}@${version}`, name, version } },
    components: [...components.keys()].sort().map((purl) => components.get(purl)),
  }
}

/** SHA256SUMS of every file in release/, as `sha256sum -c` reads it. */
async function writeChecksums() {
  const sums = join(release, 'SHA256SUMS')
  const files = readdirSync(release, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name !== 'SHA256SUMS',
  )
  const lines = []
  for (const { name } of files) {
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(join(release, name))) hash.update(chunk)
    lines.push(`${hash.digest('hex')}  ${name}\n`)
  }
  writeFileSync(sums, lines.sort().join(''))
}

async function main(options) {
  const { args, places } = wanted(options)
  const binary = 'node_modules/sqlite3/build/Release/node_sqlite3.node'
  const found = builtFor(readFileSync(join(root, binary)))
  const misfit = places.find((place) => place !== found)
  if (misfit !== undefined) {
    process.stderr.write(
      `trailcase: ${binary} is for ${found ?? 'no system that is known'}, so installers for ${misfit} cannot be built here. Build them on such a machine, or put its binary in that place first.\n`,
    )
    return 3
  }
  await ensureBuiltOrExit()
  const { code, output } = await runBuilder(args)
  if (code !== 0) {
    const missing = missingFrom(output)
    if (missing !== undefined) process.stderr.write(`${missing}\n`)
    return 3
  }
  writeFileSync(join(release, 'sbom.cdx.json'), `${JSON.stringify(billOfMaterials(), null, 1)}\n`)
  await writeChecksums()
  return 0
}

if (process.argv[1] === import.meta.filename) process.exitCode = await main(process.argv.slice(2))
