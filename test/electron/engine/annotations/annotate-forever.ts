import { annotationHandlers } from '#engine/operations/annotation-handlers.ts'
import { OpenCase } from '#engine/open-case.ts'

/** A line on stdout: what was acknowledged. */
export type Acknowledged = `tag ${string}` | `bookmark ${string}`

const setting = { now: () => Date.now(), workerPath: '', version: '0.1.0', commit: 'test', temporaryFolder: '' }
const call = { signal: new AbortController().signal, progress: () => undefined }

/**
 * Tags and bookmarks one event after the other, and says each on stdout once it was acknowledged. Ends by being killed. Loads the
 * operations that it uses and no others, because it is started a hundred times.
 */
async function annotateForever(path: string, events: number): Promise<never> {
  const open = await OpenCase.open(path, { name: 'A. Rossi', organisation: '', identifier: '' }, setting)
  const access = { setting, case: () => open } as unknown as Parameters<typeof annotationHandlers>[0]
  const annotate = annotationHandlers(access)
  for (let n = 0; ; n++) {
    const event = 1 + (n % events)
    const tag = `tag-${open.id}-${n}`
    await annotate['tags.apply']({ caseId: open.id, tag, events: { kind: 'events', ids: [event] } }, call)
    say(`tag ${tag}`)
    const note = `note ${open.id} ${n}`
    const { exhibit } = await annotate['bookmarks.set']({ caseId: open.id, event, note }, call)
    say(`bookmark ${exhibit} ${note}`)
  }
}

const say = (line: Acknowledged): void => void process.stdout.write(`${line}\n`)

const [, , path = '', events = '1'] = process.argv
annotateForever(path, Number(events)).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
