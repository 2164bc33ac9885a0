import type { Grant } from '#shared/contract/common.ts'
import { Engine } from '#engine/engine.ts'
import { asker } from './asker.ts'

/** A line on stdout: what was acknowledged. */
export type Acknowledged = `tag ${string}` | `bookmark ${string}`

/** Tags and bookmarks one event after the other, and says each on stdout once it was acknowledged. Ends by being killed. */
async function annotateForever(path: string, events: number): Promise<never> {
  const engine = new Engine(
    { now: () => Date.now(), workerPath: '', version: '0.1.0', commit: 'test', temporaryFolder: '' },
    { spend: (grant: Grant) => grant, opened: () => undefined },
  )
  const open = await engine.open(path, { name: 'A. Rossi', organisation: '', identifier: '' })
  const ask = asker(engine, open.id)
  for (let n = 0; ; n++) {
    const event = 1 + (n % events)
    const tag = `tag-${open.id}-${n}`
    await ask('tags.apply', { tag, events: { kind: 'events', ids: [event] } })
    say(`tag ${tag}`)
    const note = `note ${open.id} ${n}`
    const { exhibit } = await ask('bookmarks.set', { event, note })
    say(`bookmark ${exhibit} ${note}`)
  }
}

const say = (line: Acknowledged): void => void process.stdout.write(`${line}\n`)

const [, , path = '', events = '1'] = process.argv
annotateForever(path, Number(events)).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
