import type { ExportEvent } from '#shared/domain/export.ts'

/** The record as text; bytes that are not valid UTF-8 give U+FFFD. `exactText` tells whether that happened. */
export const recordText = (event: ExportEvent): string =>
  typeof event.rawRecord === 'string'
    ? event.rawRecord
    : new TextDecoder('utf-8', { ignoreBOM: true }).decode(event.rawRecord)

/** The record as text, or undefined when its bytes are not valid UTF-8. */
export function exactText(event: ExportEvent): string | undefined {
  if (typeof event.rawRecord === 'string') return event.rawRecord
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(event.rawRecord)
  } catch {
    return undefined
  }
}

/** The record's exact bytes. */
export const recordBytes = (event: ExportEvent): Uint8Array =>
  typeof event.rawRecord === 'string' ? new TextEncoder().encode(event.rawRecord) : event.rawRecord

/** `AccessDenied: User … is not authorized`, or either part, or nothing. */
export const errorText = (event: ExportEvent): string =>
  [event.terms.errorCode, event.terms.errorMessage].filter((part) => part !== undefined && part !== '').join(': ')

/** What was written about the event: the bookmark's title and note. */
export const commentText = (event: ExportEvent): string =>
  [event.bookmark?.title, event.bookmark?.note].filter((part) => part !== undefined && part !== '').join('\n')

/** Tags in one cell, split by `|`; a `|` or `\` inside a tag is written `\|` or `\\`. */
export const joinTags = (tags: readonly string[]): string => tags.map((tag) => tag.replace(/[\\|]/g, '\\$&')).join('|')

/** Undoes `joinTags`; blanks around a tag and empty tags are dropped. */
export function splitTags(text: string): string[] {
  const tags: string[] = []
  let tag = ''
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    if (character === '\\' && at + 1 < text.length) tag += text[++at]!
    else if (character === '|') {
      tags.push(tag)
      tag = ''
    } else tag += character
  }
  tags.push(tag)
  return tags.map((each) => each.trim()).filter((each) => each !== '')
}

export type AwsResource = { readonly arn?: string; readonly account?: string; readonly type?: string }

/** The record's `resources` (ARN, accountId, type per entry; CloudTrail record contents). Not a list: none. */
export function listResources(event: ExportEvent): AwsResource[] {
  const parsed = parsedDocument(event.documents.resources)
  if (!Array.isArray(parsed)) return []
  return parsed.map((entry: unknown) => ({
    ...definedText('arn', textAt(entry, 'ARN') ?? textAt(entry, 'arn')),
    ...definedText('account', textAt(entry, 'accountId')),
    ...definedText('type', textAt(entry, 'type')),
  }))
}

const definedText = <Name extends string>(name: Name, value: string | undefined): Partial<Record<Name, string>> =>
  value === undefined ? {} : ({ [name]: value } as Record<Name, string>)

/** The ARNs of the resources, else the one resource column: text for a cell. */
export function resourcesText(event: ExportEvent): string {
  const arns = listResources(event).flatMap((resource) => (resource.arn === undefined ? [] : [resource.arn]))
  return arns.length > 0 ? arns.join(', ') : (event.terms.resource ?? '')
}

/** A document parsed for reading texts out of it. Numbers above 2^53 are rounded: splice the text where they matter. */
export function parsedDocument(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** The text at a path of own members: `textAt(identity, 'sessionContext', 'attributes', 'creationDate')`. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  let current = value
  for (const name of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, name)) return undefined
    current = (current as Record<string, unknown>)[name]
  }
  return typeof current === 'string' ? current : undefined
}
