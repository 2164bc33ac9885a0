import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { root } from '#test/architecture/cruise.ts'
import type { Acknowledged } from './annotate-forever.ts'
import { annotatedCase, asker, rossi, testEngine } from './annotated-case.ts'

const { bundleForNode } = (await import(join(root, 'build/build.mjs'))) as {
  bundleForNode: (entry: string, folder: string) => Promise<string>
}

/** As many as were promised; `TRAILCASE_KILLS=1000` for a longer run. */
const KILLS = Number(process.env['TRAILCASE_KILLS'] ?? 100)
/** Milliseconds after the first word in which a process is killed: up to a dozen annotations are written in that time. */
const LIFE = 23

let path: string
let script: string
beforeAll(async () => {
  const test = await annotatedCase('09:00 alice ConsoleLogin\n09:01 alice StopLogging -> trail')
  path = test.path
  await test.engine.closeAll()
  script = await bundleForNode('test/electron/engine/annotations/annotate-forever.ts', join(root, '.cache/annotations'))
})

/** Lets a process annotate, kills it somewhere in its work, and gives what it had acknowledged. */
async function annotateAndKill(after: number): Promise<Acknowledged[]> {
  const child = spawn(process.execPath, [script, path, '2'], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  let timer: NodeJS.Timeout | undefined
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
    timer ??= setTimeout(() => child.kill('SIGKILL'), after)
  })
  await once(child, 'close')
  clearTimeout(timer)
  return said.split('\n').slice(0, -1) as Acknowledged[]
}

describe('kill -9 after an acknowledged annotation', () => {
  it(
    `loses none, in ${KILLS} tries, and the next session notes how the one before ended`,
    { timeout: 600_000 },
    async () => {
      const said: Acknowledged[] = []
      for (let n = 0; n < KILLS; n++) {
        const lines = await annotateAndKill((n * 37) % LIFE)
        expect(lines.length).toBeGreaterThan(0)
        said.push(...lines)
      }
      const engine = testEngine()
      const open = await engine.open(path, rossi)
      const ask = asker(engine, open.id)
      const state = await ask('annotations.state', {})
      const tags = new Map(state.tags.map((tag) => [tag.name, tag.events]))
      const { total, entries } = await ask('annotations.history', { about: { kind: 'all' }, limit: 10_000 })
      expect(total).toBeLessThanOrEqual(10_000)
      const history = entries.map((entry) => entry.words).join('\n')
      for (const line of said) {
        const [kind, name, ...note] = line.split(' ')
        if (kind === 'tag') expect(tags.get(name!)).toBe(1)
        else {
          expect(state.bookmarks.map((b) => b.exhibit)).toContain(name)
          expect(history).toContain(note.join(' '))
        }
      }
      const { checks } = await ask('cases.verify', {})
      expect(checks.filter((check) => check.failed > 0)).toEqual([])
      const opened = await ask('custody.list', { action: 'session.open', limit: 1000 })
      expect(opened.entries.filter((entry) => entry.detail.includes('ended without closing'))).toHaveLength(KILLS)
      await engine.closeAll()
    },
  )
})
