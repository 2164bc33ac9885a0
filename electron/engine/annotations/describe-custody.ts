import { bytes, counted, grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'

type Body = Readonly<Record<string, unknown>>

const LENGTH = 300
const cut = (text: string): string => visible(text.length > LENGTH ? `${text.slice(0, LENGTH - 1)}…` : text)
const text = (body: Body, name: string): string => (typeof body[name] === 'string' ? body[name] : '')
const number = (body: Body, name: string): number => (typeof body[name] === 'number' ? body[name] : 0)
const record = (value: unknown): Body => (typeof value === 'object' && value !== null ? (value as Body) : {})
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])
const count = (body: Body, name: string, unit: string): string => counted(number(body, name), unit)
/** The parts that say something, with commas between them. */
const joined = (...parts: readonly (string | false | undefined)[]): string => parts.filter(Boolean).join(', ')
/** `clientMatter` as `client matter`. */
const words = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

const isNothing = (value: unknown): boolean => value === undefined || value === null || value === ''

/** `title "a" -> "b"`, from the values before and after; of a new thing only what it says. */
function differences(body: Body): string {
  const [before, after] = [record(body['before']), record(body['after'])]
  if (body['after'] === null && body['before'] !== undefined)
    return joined(
      'removed',
      ...Object.entries(before).map(([name, value]) => `${words(name)} ${JSON.stringify(value)}`),
    )
  const change = (name: string): string => {
    const [was, is] = [before[name], after[name]]
    if (isNothing(was)) return `${words(name)} ${JSON.stringify(is ?? '')}`
    return `${words(name)} ${JSON.stringify(was)} -> ${isNothing(is) ? 'nothing' : JSON.stringify(is)}`
  }
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].map(change).join(', ')
}

/** What was changed, without the number of a thing that means nothing to a person: `finding:` and a UUID is `finding`. */
const target = (body: Body): string => text(body, 'target').replace(/:[0-9a-f-]{36}$/, '')
const changed = (body: Body): string => (target(body) === '' ? '' : `${target(body)}: `) + differences(body)

const selected = (body: Body): string =>
  body['query'] === undefined ? '' : ` (query ${JSON.stringify(record(body['query'])['text'] ?? '')})`

/** `761 files seen = 759 stored + 1 quarantined`, from numbers by outcome; outcomes that did not happen are left out. */
function sum(numbers: Body, total: string, unit: string): string {
  const parts = Object.entries(numbers).filter(([name, n]) => name !== total && typeof n === 'number' && n > 0)
  return `${counted(number(numbers, total), unit)} ${total} = ${parts.map(([name, n]) => `${grouped(n as number)} ${words(name)}`).join(' + ') || '0'}`
}

const sealed = (body: Body): string =>
  joined(
    bytes(number(body, 'bytes')),
    `SHA-256 ${text(body, 'sha256')}`,
    body['encrypted'] === true && 'encrypted',
    text(body, 'signedBy') === '' ? 'unsigned' : `signed by ${text(body, 'signedBy')}`,
  )

const files = (body: Body): string =>
  list(body['files'])
    .map((file) => `${text(record(file), 'name')} SHA-256 ${text(record(file), 'sha256')}`)
    .join(', ')

function opened(body: Body): string {
  const unclean = record(body['uncleanShutdown'])
  const now = `opened with Trailcase ${text(body, 'trailcase')} (${text(body, 'commit')}) on ${text(body, 'host')}`
  if (body['uncleanShutdown'] === undefined) return now
  const lastFile = text(unclean, 'lastFile')
  return `${now}; the session before ended without closing the case, recovered${lastFile === '' ? '' : `, last file stored: ${lastFile}`}`
}

function verified(body: Body): string {
  const checks = list(body['checks']).map(record)
  const failed = checks.filter((check) => number(check, 'failed') > 0)
  const shown = body['clean'] === true ? checks : failed
  const one = (check: Body): string =>
    body['clean'] === true
      ? `${text(check, 'name')} ${grouped(number(check, 'checked'))}`
      : `${text(check, 'name')} ${grouped(number(check, 'failed'))} of ${grouped(number(check, 'checked'))}`
  return `${body['clean'] === true ? 'everything holds' : 'FAILED'}: ${shown.map(one).join(', ')}`
}

function judged(body: Body): string {
  const logs = record(body['logs'])
  const digests = record(body['digests'])
  const authentic = number(digests, 'authentic') + number(digests, 'authenticByLink')
  return joined(
    count(body, 'findings', 'finding'),
    sum(logs, 'total', 'log file').replace(' total', ''),
    `${grouped(authentic)} of ${count(digests, 'total', 'digest')} authentic`,
  )
}

/** One line for each action that the general rule below would not say well. */
const sayings = new Map<string, (body: Body) => string>([
  ['session.open', opened],
  ['case.create', (body) => differences(body)],
  [
    'import.start',
    (body) => `${text(body, 'path')}, originals ${text(body, 'mode') === 'copy' ? 'copied' : 'referenced'}`,
  ],
  [
    'import.files',
    (body) =>
      `${count(body, 'files', 'file')} with ${count(body, 'records', 'record')}, SHA-256 of their hashes ${text(body, 'sha256OfHashes')}`,
  ],
  [
    'import.finish',
    (body) =>
      joined(
        `${text(body, 'path')}: ${sum(record(body['entries']), 'seen', 'file')}`,
        sum(record(body['records']), 'read', 'record'),
        text(body, 'ending') !== 'done' && text(body, 'ending'),
      ),
  ],
  ['integrity.judge', judged],
  ['case.verify', verified],
  ['tag.add', (body) => `tag "${text(body, 'tag')}" on ${count(body, 'events', 'event')}${selected(body)}`],
  ['tag.remove', (body) => `tag "${text(body, 'tag')}" off ${count(body, 'events', 'event')}${selected(body)}`],
  [
    'bookmark.add',
    (body) => {
      const [, file = '', record = ''] = text(body, 'event').split(':')
      return `${text(body, 'exhibit')}: eventID ${text(body, 'eventID')}, record ${record} of the file with SHA-256 ${file}, ${differences(body)}`
    },
  ],
  [
    'conflict.resolve',
    (body) =>
      `${target(body)}: ${words(text(body, 'field'))} ${JSON.stringify(record(body['chosen'])['value'])} of ${text(record(body['chosen']), 'by')} stands, of ${counted(list(body['others']).length + 1, 'version')}`,
  ],
  ['story.set', (body) => `${count(body, 'blocks', 'block')}, ${counted(list(body['changes']).length, 'change')}`],
  ['annotation.undo', (body) => `undone: ${text(body, 'undone')}`],
  ['annotation.redo', (body) => `done again: ${text(body, 'redone')}`],
  [
    'annotations.import',
    (body) =>
      `${text(body, 'file')}${text(body, 'author') === '' ? '' : ` by ${text(body, 'author')}`}, SHA-256 ${text(body, 'sha256')}: ${count(body, 'tagged', 'new tag')}, ${count(body, 'bookmarks', 'new bookmark')}, ${count(body, 'notes', 'note')} added to, of ${count(body, 'rows', 'row')}; ${count(body, 'left', 'row')} not used`,
  ],
  [
    'acquire.import',
    (body) =>
      `s3://${text(body, 'bucket')}/${text(body, 'prefix')}, ${count(body, 'objects', 'object')} fetched by ${text(body, 'examiner') || 'somebody unnamed'} until ${text(body, 'finishedAt')} (${text(body, 'ending')}), ${count(body, 'notFetched', 'object')} not fetched, manifest SHA-256 ${text(body, 'manifestSha256')}`,
  ],
  [
    'report.make',
    (body) =>
      `${text(body, 'file')}, SHA-256 ${text(body, 'sha256')}, ${count(body, 'events', 'event')}, ${text(body, 'status')}`,
  ],
  [
    'proof.save',
    (body) =>
      `proof card of ${text(record(body['of']), 'event') === '' ? `file ${number(record(body['of']), 'entry')}` : `event ${text(record(body['of']), 'event')}`}: ${text(body, 'name')}, SHA-256 ${text(body, 'sha256')}`,
  ],
  [
    'events.export',
    (body) =>
      `${count(body, 'rows', 'row')} as ${text(body, 'format')}${text(body, 'statement') === '' ? selected(body) : ` (${text(body, 'statement')})`}: ${files(body)}`,
  ],
  [
    'package.pack',
    (body) =>
      joined(
        text(body, 'file'),
        text(body, 'scope') === 'annotated' ? 'what is annotated, with its files' : 'the whole case',
        text(record(body['transfer']), 'to') !== '' && `for ${text(record(body['transfer']), 'to')}`,
        sealed(body),
      ),
  ],
  ['package.unpack', (body) => joined(`${text(body, 'file')} from ${text(body, 'from')}`, sealed(body))],
  [
    'package.merge',
    (body) =>
      joined(
        `${text(body, 'file')} from ${text(body, 'from')}`,
        body['nothingNew'] === true ? 'nothing new' : count(body, 'annotations', 'new annotation'),
        sealed(body),
      ),
  ],
  [
    'package.form',
    (body) =>
      `form of the transfer in entry ${number(body, 'of')}: ${text(body, 'name')}, SHA-256 ${text(body, 'sha256')}`,
  ],
])

/** What an entry of the custody log says, in one line; the whole stays in its body. */
export function describeCustody(action: string, body: Body): string {
  const say = sayings.get(action)
  if (say) return cut(say(body))
  if (body['before'] !== undefined || body['after'] !== undefined) return cut(changed(body))
  const { operations: _operations, operationsSha256: _hash, ...rest } = body
  return cut(
    Object.entries(rest)
      .map(([name, value]) => `${words(name)} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join(', '),
  )
}
