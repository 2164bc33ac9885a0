import { counted } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'

type Body = Readonly<Record<string, unknown>>

const LENGTH = 300
const cut = (text: string): string => visible(text.length > LENGTH ? `${text.slice(0, LENGTH - 1)}…` : text)
const text = (body: Body, name: string): string => (typeof body[name] === 'string' ? body[name] : '')
const number = (body: Body, name: string): number => (typeof body[name] === 'number' ? body[name] : 0)
const record = (value: unknown): Body => (typeof value === 'object' && value !== null ? (value as Body) : {})

/** `title "a" -> "b"`, from the values before and after. */
function differences(body: Body): string {
  const [before, after] = [record(body['before']), record(body['after'])]
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value))
  return fields.map((f) => `${f} ${shown(before[f])} -> ${shown(after[f])}`).join(', ')
}

const selected = (body: Body): string =>
  body['query'] === undefined ? '' : ` (query ${JSON.stringify(record(body['query'])['text'] ?? '')})`

/** What an entry of the custody log says, in one line; the whole stays in its body. */
export function describeCustody(action: string, body: Body): string {
  switch (action) {
    case 'session.open': {
      const unclean = record(body['uncleanShutdown'])
      const with_ = `opened with Trailcase ${text(body, 'trailcase')} (${text(body, 'commit')}) on ${text(body, 'host')}`
      if (body['uncleanShutdown'] === undefined) return cut(with_)
      const lastFile = text(unclean, 'lastFile')
      return cut(
        `${with_}; the session before ended without closing the case, recovered${lastFile === '' ? '' : `, last file stored: ${lastFile}`}`,
      )
    }
    case 'tag.add':
      return cut(`tag "${text(body, 'tag')}" on ${counted(number(body, 'events'), 'event')}${selected(body)}`)
    case 'tag.remove':
      return cut(`tag "${text(body, 'tag')}" off ${counted(number(body, 'events'), 'event')}${selected(body)}`)
    case 'bookmark.add':
      return cut(`${text(body, 'exhibit')} is ${text(body, 'event')}, eventID ${text(body, 'eventID')}`)
    case 'annotation.undo':
      return cut(`undone: ${text(body, 'undone')}`)
    case 'annotation.redo':
      return cut(`done again: ${text(body, 'redone')}`)
    case 'acquire.import':
      return cut(
        `s3://${text(body, 'bucket')}/${text(body, 'prefix')}, ${counted(number(body, 'objects'), 'object')} fetched by ${text(body, 'examiner') || 'somebody unnamed'} until ${text(body, 'finishedAt')} (${text(body, 'ending')}), ${counted(number(body, 'notFetched'), 'object')} not fetched, manifest SHA-256 ${text(body, 'manifestSha256')}`,
      )
    case 'report.make':
      return cut(
        `${text(body, 'file')}, SHA-256 ${text(body, 'sha256')}, ${counted(number(body, 'events'), 'event')}, ${text(body, 'status')}`,
      )
    default: {
      if (body['before'] !== undefined || body['after'] !== undefined)
        return cut(`${text(body, 'target')} ${differences(body)}`.trim())
      const { operations: _operations, operationsSha256: _hash, ...rest } = body
      return cut(
        Object.entries(rest)
          .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
          .join(', '),
      )
    }
  }
}
