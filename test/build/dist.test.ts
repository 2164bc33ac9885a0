import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isCaseName, isPackageName } from '#shared/domain/file-names.ts'

type Dist = {
  readonly missingFrom: (output: string) => string | undefined
  readonly builtFor: (bytes: Buffer) => string | undefined
  readonly wanted: (
    args: readonly string[],
    machine?: { platform: string; arch: string },
  ) => { args: readonly string[]; places: readonly string[] }
}
const root = join(import.meta.dirname, '../..')
const { missingFrom, builtFor, wanted } = (await import(join(root, 'build/dist.mjs'))) as Dist
const config = JSON.parse(readFileSync(join(root, 'build/electron-builder.json'), 'utf8')) as {
  fileAssociations: { ext: string; mimeType: string }[]
  publish: null
  linux: { target: string[] }
  win: { target: string[] }
  mac: { target: string[] }
}

describe('what a build that failed says is missing', () => {
  const offline = 'getaddrinfo EAI_AGAIN github.com  failedTask=build'
  it('is Electron, until a target is built', () => {
    const said = missingFrom(`packaging platform=linux arch=x64\n${offline}`)
    expect(said).toContain('Electron could not be downloaded')
    expect(said).toContain('-c.electronDist=FOLDER')
    expect(said).toContain('ELECTRON_MIRROR')
  })

  it.each([
    ['deb', 'fpm'],
    ['rpm', 'fpm'],
    ['AppImage', 'AppImage tools'],
    ['nsis', 'NSIS'],
    ['portable', 'NSIS'],
    ['dmg', 'dmg tools'],
  ])('is what %s needs, and how to bring it', (target, tool) => {
    const said = missingFrom(`  • building        target=${target} arch=x64 file=release/x\n  ⨯ ${offline}`)
    expect(said).toContain(tool)
    expect(said).toMatch(/USE_SYSTEM_FPM=true|ELECTRON_BUILDER_BINARIES_MIRROR/)
  })

  it('is nothing when it failed for another reason', () => {
    expect(missingFrom('building target=deb\nENOSPC: no space left on device')).toBeUndefined()
  })
})

describe('the SQLite binary', () => {
  const bytes = (write: (buffer: Buffer) => void): Buffer => {
    const buffer = Buffer.alloc(256)
    write(buffer)
    return buffer
  }
  const elf = (machine: number): Buffer => bytes((b) => (b.writeUInt32BE(0x7f454c46), b.writeUInt16LE(machine, 18)))
  const macho = (cpu: number): Buffer => bytes((b) => (b.writeUInt32LE(0xfeedfacf), b.writeUInt32LE(cpu, 4)))
  const pe = (machine: number): Buffer =>
    bytes(
      (b) => (b.write('MZ'), b.writeUInt32LE(128, 60), b.write('PE\0\0', 128, 'latin1'), b.writeUInt16LE(machine, 132)),
    )

  it('is known by its bytes for the system and the processor it was compiled for', () => {
    expect([elf(0x3e), elf(0xb7), macho(0x01000007), macho(0x0100000c), pe(0x8664), pe(0xaa64)].map(builtFor)).toEqual([
      'linux-x64',
      'linux-arm64',
      'darwin-x64',
      'darwin-arm64',
      'win32-x64',
      'win32-arm64',
    ])
    expect(builtFor(Buffer.from('no program'))).toBeUndefined()
    expect(builtFor(elf(0x28))).toBeUndefined()
  })

  it('that is installed here is for this machine', () => {
    const binary = readFileSync(join(root, 'node_modules/sqlite3/build/Release/node_sqlite3.node'))
    expect(builtFor(binary)).toBe(`${process.platform}-${process.arch}`)
  })
})

describe('what is built', () => {
  it('is for this machine unless something else is asked for', () => {
    const machine = { platform: 'linux', arch: 'x64' }
    expect(wanted([], machine)).toEqual({ args: ['--x64'], places: ['linux-x64'] })
    expect(wanted(['--linux', 'deb', '--arm64'], machine)).toEqual({
      args: ['--linux', 'deb', '--arm64'],
      places: ['linux-arm64'],
    })
    expect(wanted(['--win', '--mac', '--x64', '--arm64'], machine).places).toEqual([
      'win32-x64',
      'win32-arm64',
      'darwin-x64',
      'darwin-arm64',
    ])
  })

  it('is every installer that is promised, and no updater', () => {
    expect(config.linux.target).toEqual(['deb', 'AppImage', 'rpm'])
    expect(config.win.target).toEqual(['nsis', 'portable'])
    expect(config.mac.target).toEqual(['dmg'])
    expect(config.publish).toBeNull()
  })

  it('opens with a double click what the program takes for a case or a package, each with an icon of its own', () => {
    const names = config.fileAssociations.map(({ ext }) => `x.${ext}`)
    expect(names.filter(isCaseName)).toEqual(['x.trailcase'])
    expect(names.filter(isPackageName)).toEqual(['x.tcase'])
    const resources = readdirSync(join(root, 'build/resources'))
    for (const { ext } of config.fileAssociations)
      expect(resources).toEqual(expect.arrayContaining([`${ext}.ico`, `${ext}.icns`]))
  })
})

describe('the icons', () => {
  const resource = (name: string): Buffer => readFileSync(join(root, 'build/resources', name))
  /** Width and height of a PNG, from its first chunk. */
  const sizeOf = (png: Buffer): string => {
    expect(png.toString('latin1', 1, 4)).toBe('PNG')
    return `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`
  }

  it('for Linux have the size of their name', () => {
    const names = readdirSync(join(root, 'build/resources/icons'))
    expect(names).toHaveLength(8)
    for (const name of names) expect(`${sizeOf(resource(`icons/${name}`))}.png`).toBe(name)
  })

  it.each(['icon.ico', 'trailcase.ico', 'tcase.ico'])('for Windows hold each size up to 256: %s', (name) => {
    const ico = resource(name)
    const pictures = Array.from({ length: ico.readUInt16LE(4) }, (_, n) => {
      const at = 6 + 16 * n
      const from = ico.readUInt32LE(at + 12)
      expect(ico.readUInt8(at) || 256).toBe(ico.readUInt32BE(from + 16))
      return sizeOf(ico.subarray(from, from + ico.readUInt32LE(at + 8)))
    })
    expect(pictures).toEqual(['16x16', '24x24', '32x32', '48x48', '64x64', '256x256'])
  })

  it.each(['icon.icns', 'trailcase.icns', 'tcase.icns'])('for macOS hold each size up to 1024: %s', (name) => {
    const icns = resource(name)
    expect(icns.readUInt32BE(4)).toBe(icns.length)
    const sizes: string[] = []
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4))
      sizes.push(sizeOf(icns.subarray(at + 8, at + icns.readUInt32BE(at + 4))))
    expect(sizes).toEqual([
      '16x16',
      '32x32',
      '32x32',
      '64x64',
      '128x128',
      '256x256',
      '256x256',
      '512x512',
      '512x512',
      '1024x1024',
    ])
  })
})
