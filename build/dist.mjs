// `npm run dist [-- --dir | --linux deb …]`: installers in release/, with checksums and a bill of materials.
// All options go to electron-builder (build/electron-builder.json). Each system builds its own installers: the SQLite
// binary is the one compiled here. Where Electron or the packagers' tools cannot be downloaded it says what to bring.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuiltOrExit } from './build.mjs'
import { readPackage } from './notices.mjs'

const root = join(import.meta.dirname, '..')
const release = join(root, 'release')

const withoutNetwork = `trailcase: something could not be downloaded (see above). On a machine without that network, bring
  Electron     an unpacked Electron of the version in package.json: npm run dist -- -c.electronDist=FOLDER,
               or a mirror: ELECTRON_MIRROR=https://mirror/electron/
  deb and rpm  fpm on the PATH and USE_SYSTEM_FPM=true
  AppImage, Windows
               a mirror of electron-builder's tools: ELECTRON_BUILDER_BINARIES_MIRROR=https://mirror/
  --dir makes the unpacked application without any installer tool.
`

/** Packages that lie beside the bundles instead of in them. */
const shippedWhole = ['sqlite3', 'bindings', 'file-uri-to-path', 'electron']

await ensureBuiltOrExit()
const { code, output } = await runBuilder(process.argv.slice(2))
if (code !== 0) {
  if (/https?:\/\/|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT/.test(output)) process.stderr.write(withoutNetwork)
  process.exit(3)
}
writeFileSync(join(release, 'sbom.cdx.json'), `${JSON.stringify(billOfMaterials(), null, 1)}\n`)
await writeChecksums()

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
