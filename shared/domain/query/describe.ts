import { assertNever } from '../../base/assert.ts'
import { displayUtc } from '../../base/time.ts'
import { visible } from '../../base/visible.ts'
import type { TermField } from '../fields.ts'
import type { Comparison, NumberOperator, QueryNode, TextField } from './ast.ts'
import { fieldText } from './names.ts'
import { indexLookup, literalOf } from './pattern.ts'
import type { Pattern } from './pattern.ts'
import { quote } from './quote.ts'

/**
 * What a query was understood to ask, in one plain English line: `event name starts with Delete, not called by an AWS service, from
 * 203.0.113.0/24`. A comma is "and". Hidden characters are shown as escapes.
 */
export function describeQuery(query: QueryNode): string {
  switch (query.kind) {
    case 'and':
      return query.children.map(describeMember).join(', ')
    case 'or':
      return `either ${query.children.map(describeMember).join(' or ')}`
    case 'not':
      return describeNot(query.child)
    case 'all':
      return 'every event'
    case 'time':
      return `${query.bound === 'from' ? 'at or after' : 'before'} ${displayUtc(query.at)}`
    case 'bookmark':
      return query.bookmarked ? 'bookmarked' : 'not bookmarked'
    case 'text':
    case 'equals':
    case 'wildcard':
    case 'present':
    case 'network':
    case 'regex':
    case 'number':
      return phrase(query).yes
  }
}

const isGroup = (query: QueryNode): boolean => query.kind === 'and' || query.kind === 'or'
const describeMember = (query: QueryNode): string =>
  isGroup(query) ? `(${describeQuery(query)})` : describeQuery(query)

function describeNot(child: QueryNode): string {
  switch (child.kind) {
    case 'and':
    case 'or':
    case 'not':
      return `not (${describeQuery(child)})`
    case 'all':
      return 'no event'
    case 'time':
    case 'bookmark':
      return `not ${describeQuery(child)}`
    case 'text':
    case 'equals':
    case 'wildcard':
    case 'present':
    case 'network':
    case 'regex':
    case 'number':
      return phrase(child).no
  }
}

/** A comparison, and its denial. */
type Phrase = { readonly yes: string; readonly no: string }

const labels: Partial<Record<TermField, string>> = {
  eventSource: 'service',
  eventName: 'event name',
  awsRegion: 'region',
  recipientAccountId: 'recipient account',
  sourceIPAddress: 'source address',
  userAgent: 'user agent',
  errorCode: 'error code',
  errorMessage: 'error message',
  eventType: 'event type',
  eventCategory: 'event category',
  vpcEndpointId: 'VPC endpoint',
  'userIdentity.type': 'identity type',
  'userIdentity.arn': 'caller ARN',
  'userIdentity.accountId': 'caller account',
  'userIdentity.accessKeyId': 'access key',
  'userIdentity.userName': 'user name',
  'userIdentity.sessionContext.sessionIssuer.arn': 'role',
}

const labelOf = (field: TextField): string =>
  (field.kind === 'term' ? labels[field.field] : undefined) ?? visible(fieldText(field))

const PLAIN = /^[\p{L}\p{N}_.:/@+*?-]+$/u
const shown = (text: string): string => (PLAIN.test(text) && visible(text) === text ? text : quote(text))

function phrase(node: Comparison): Phrase {
  switch (node.kind) {
    case 'text':
      return textPhrase(node.pattern)
    case 'equals':
      return (
        special(node.field, node.value) ??
        verb(labelOf(node.field), 'is', 'is not', equalsObject(node.field, node.value))
      )
    case 'wildcard':
      return wildcardPhrase(labelOf(node.field), node.pattern)
    case 'present':
      return presentPhrase(node.field)
    case 'network':
      return networkPhrase(node)
    case 'regex':
      return node.field.kind === 'any'
        ? verb('any text', 'matches', 'does not match', `/${node.source}/ (scans every text)`, 'no text matches')
        : verb(labelOf(node.field), 'matches', 'does not match', `/${node.source}/`)
    case 'number':
      return verb(
        labelOf(node.field),
        `is ${numberWords(node.operator)}`,
        `is not ${numberWords(node.operator)}`,
        String(node.value),
      )
    default:
      return assertNever(node)
  }
}

const verb = (subject: string, yes: string, no: string, object: string, denial = `${subject} ${no}`): Phrase => ({
  yes: `${subject} ${yes} ${object}`,
  no: `${denial} ${object}`,
})

const equalsObject = (field: TextField, value: string): string =>
  field.kind === 'term' && field.view === 'name' ? `${shown(value)} or has that name in its ARN` : shown(value)

/** Fields that read better in a phrase of their own. */
function special(field: TextField, value: string): Phrase | undefined {
  if (field.kind === 'tag') return { yes: `tagged ${quote(value)}`, no: `not tagged ${quote(value)}` }
  if (field.kind !== 'term') return undefined
  if (field.field === 'sourceIPAddress') return { yes: `from ${shown(value)}`, no: `not from ${shown(value)}` }
  if (field.field === 'readOnly' && value === 'true') return { yes: 'read-only', no: 'not marked read-only' }
  if (field.field === 'readOnly' && value === 'false') return { yes: 'a write', no: 'not marked as a write' }
  if (field.field === 'access' && value === 'ok') return { yes: 'succeeded', no: 'did not succeed' }
  if (field.field === 'access') return { yes: shown(value), no: `not ${shown(value)}` }
  return undefined
}

function presentPhrase(field: TextField): Phrase {
  if (field.kind === 'tag') return { yes: 'tagged', no: 'not tagged' }
  if (field.kind === 'term' && field.field === 'userIdentity.invokedBy') {
    return { yes: 'called by an AWS service', no: 'not called by an AWS service' }
  }
  const label = labelOf(field)
  return { yes: `${label} is present`, no: `${label} is absent` }
}

function networkPhrase(node: Comparison & { kind: 'network' }): Phrase {
  const network = node.network.replace(/\/(?:32|128)$/, '')
  if (node.field.kind === 'any') return { yes: `any address in ${network}`, no: `no address in ${network}` }
  if (node.field.kind === 'term' && node.field.field === 'sourceIPAddress')
    return { yes: `from ${network}`, no: `not from ${network}` }
  return verb(labelOf(node.field), 'is in', 'is not in', network)
}

function numberWords(operator: NumberOperator): string {
  switch (operator) {
    case '<':
      return 'less than'
    case '<=':
      return 'at most'
    case '>':
      return 'greater than'
    case '>=':
      return 'at least'
    default:
      return assertNever(operator)
  }
}

/** A pattern as it is written, its literals shown safely. */
const patternText = (pattern: Pattern): string =>
  pattern.map((piece) => (piece.kind === 'literal' ? visible(piece.text) : piece.kind === 'any' ? '*' : '?')).join('')

/** The literal between wildcards at the ends only: `*exfil*` -> open at both ends. */
function ends(
  pattern: Pattern,
): { readonly literal: string; readonly openStart: boolean; readonly openEnd: boolean } | undefined {
  const openStart = pattern[0]?.kind === 'any'
  const openEnd = pattern.length > 1 && pattern.at(-1)?.kind === 'any'
  const literal = literalOf(pattern.slice(openStart ? 1 : 0, openEnd ? -1 : undefined))
  return literal === undefined || literal === '' ? undefined : { literal, openStart, openEnd }
}

function wildcardPhrase(label: string, pattern: Pattern): Phrase {
  const simple = ends(pattern)
  if (simple === undefined) return verb(label, 'fits', 'does not fit', shown(patternText(pattern)))
  const object = shown(simple.literal)
  if (simple.openStart && simple.openEnd) return verb(label, 'contains', 'does not contain', object)
  return simple.openStart
    ? verb(label, 'ends with', 'does not end with', object)
    : verb(label, 'starts with', 'does not start with', object)
}

function textPhrase(pattern: Pattern): Phrase {
  const lookup = indexLookup(pattern)
  const scan = lookup.words.length === 0 && lookup.prefixes.length === 0 ? ' (scans every text)' : ''
  const simple = ends(pattern)
  const what = simple === undefined ? `a text like ${quote(patternText(pattern))}` : simpleText(simple)
  return { yes: `mentions ${what}${scan}`, no: `does not mention ${what}${scan}` }
}

function simpleText({
  literal,
  openStart,
  openEnd,
}: {
  literal: string
  openStart: boolean
  openEnd: boolean
}): string {
  if (openStart && openEnd) return `${quote(literal)} anywhere`
  if (openStart) return `a word that ends with ${quote(literal)}`
  return openEnd ? `a word that starts with ${quote(literal)}` : quote(literal)
}
