// Bundling hides other people's packages inside our files; this finds them again, for their licences.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A Vite plugin that adds the file of every module in the bundle to `modules`. */
export const moduleCollector = (modules) => ({
  name: 'trailcase:modules',
  generateBundle() {
    // Ids may carry a mark in front (\0) and a query behind.
    for (const id of this.getModuleIds()) modules.add(id.replace(/^\0/, '').replace(/\?.*$/, ''))
  },
})

/** `…/node_modules/a/lib/b.js` -> `…/node_modules/a`, the innermost where packages lie in packages. */
const packageFolderOf = (file) => /^.*[\\/]node_modules[\\/](@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/.exec(file)?.[0]

/** What a package says of itself: `{name, version, license, texts}`. */
export function readPackage(folder) {
  const { name, version, license = 'see text' } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim())
  return { name, version, license: typeof license === 'string' ? license : license.type, texts }
}

/** Writes NOTICES.txt (licence texts) and packages.json (versions, for the bill of materials) of the packages `modules` are from. */
export function writeNotices(modules, outDir) {
  const folders = new Set([...modules].map(packageFolderOf).filter(Boolean))
  const packages = [...folders].map(readPackage).sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
  const unique = packages.filter((one, index) => index === 0 || idOf(one) !== idOf(packages[index - 1]))
  const rule = '-'.repeat(100)
  const sections = unique.map((one) => [rule, `${idOf(one)} (${one.license})`, '', ...one.texts, ''].join('\n'))
  writeFileSync(
    join(outDir, 'NOTICES.txt'),
    ['These files contain parts of the packages below, each under its own licence.', '', ...sections].join('\n'),
  )
  const list = unique.map(({ name, version, license }) => ({ name, version, license }))
  writeFileSync(join(outDir, 'packages.json'), `${JSON.stringify(list, null, 1)}\n`)
}

const idOf = ({ name, version }) => `${name} ${version}`
