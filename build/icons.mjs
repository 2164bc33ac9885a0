// `node build/icons.mjs`: draws build/resources/*.svg into the pictures that installers need, with the Chromium of the journeys. The results are committed; run it
// after a drawing was changed.
//
//   icon.svg, icon-small.svg  the program: icon.icns (macOS), icon.ico (Windows), icons/NxN.png (Linux); up to 32 pixels the small drawing
//   case.svg, package.svg     files: trailcase.icns, trailcase.ico, tcase.icns, tcase.ico, named after what follows their dot
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { findChromium } from './find-chromium.mjs'

const folder = join(import.meta.dirname, 'resources')
const linuxSizes = [16, 24, 32, 48, 64, 128, 256, 512]
const windowsSizes = [16, 24, 32, 48, 64, 256]

/** The pictures of an .icns by their four letters: side in pixels (Apple's `iconutil` makes the same ones). */
export const macPictures = [
  ['icp4', 16],
  ['icp5', 32],
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
]

/** An .ico of PNG pictures: a directory of 16 bytes each, then the pictures. 256 is written as 0. */
function icoOf(pictures) {
  const head = Buffer.alloc(6 + 16 * pictures.length)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(pictures.length, 4)
  let offset = head.length
  pictures.forEach(({ size, png }, n) => {
    const at = 6 + 16 * n
    head.writeUInt8(size % 256, at)
    head.writeUInt8(size % 256, at + 1)
    head.writeUInt16LE(1, at + 4)
    head.writeUInt16LE(32, at + 6)
    head.writeUInt32LE(png.length, at + 8)
    head.writeUInt32LE(offset, at + 12)
    offset += png.length
  })
  return Buffer.concat([head, ...pictures.map(({ png }) => png)])
}

/** An .icns of PNG pictures: `icns`, length, then four letters, length, picture each. */
function icnsOf(pictures) {
  const part = (name, bytes) => {
    const head = Buffer.alloc(8)
    head.write(name, 'latin1')
    head.writeUInt32BE(bytes.length + 8, 4)
    return Buffer.concat([head, bytes])
  }
  return part('icns', Buffer.concat(pictures.map(({ name, png }) => part(name, png))))
}

/** Draws an SVG file at a size, without ground: the bytes of a PNG. */
async function draw(page, file, size) {
  const svg = readFileSync(join(folder, file)).toString('base64')
  await page.setViewportSize({ width: size, height: size })
  await page.setContent(
    `<style>*{margin:0}img{display:block}</style><img width="${size}" height="${size}" src="data:image/svg+xml;base64,${svg}">`,
  )
  await page.locator('img').evaluate((img) => img.decode())
  return page.screenshot({ omitBackground: true })
}

async function main() {
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox', '--headless'] })
  const page = await browser.newPage()
  const make = async (name, drawing, small = drawing) => {
    const png = (size) => draw(page, size <= 32 ? small : drawing, size)
    const windows = []
    for (const size of windowsSizes) windows.push({ size, png: await png(size) })
    writeFileSync(join(folder, `${name}.ico`), icoOf(windows))
    const mac = []
    for (const [letters, size] of macPictures) mac.push({ name: letters, png: await png(size) })
    writeFileSync(join(folder, `${name}.icns`), icnsOf(mac))
    return png
  }
  const png = await make('icon', 'icon.svg', 'icon-small.svg')
  mkdirSync(join(folder, 'icons'), { recursive: true })
  for (const size of linuxSizes) writeFileSync(join(folder, 'icons', `${size}x${size}.png`), await png(size))
  await make('trailcase', 'case.svg')
  await make('tcase', 'package.svg')
  await browser.close()
}

if (process.argv[1] === import.meta.filename) await main()
