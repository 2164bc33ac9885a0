import { assertNever } from '#shared/base/assert.ts'
import {
  indicatorName,
  indicatorWords,
  selectionLines,
  type ConfirmedIndicator,
  type SelectionStatement,
} from '#shared/domain/export.ts'
import { writeJson, type JsonObject } from './json-text.ts'
import { uuidV5 } from './uuid-v5.ts'

const OURS = '0a5a7b9e-6c55-5a0b-8f9e-0d6b3f7f1a52'

/**
 * One MISP event as JSON, for import through MISP's own form: the indicators that an examiner confirmed, and nothing
 * else. `to_ids` stays false and the distribution "your organisation only": whoever receives it decides. The exhibit is in each
 * attribute's comment.
 */
export async function* writeMisp(
  statement: SelectionStatement,
  indicators: readonly ConfirmedIndicator[],
): AsyncGenerator<Uint8Array> {
  await Promise.resolve()
  yield new TextEncoder().encode(`${writeJson({ Event: toEvent(statement, indicators) })}\n`)
}

function toEvent(statement: SelectionStatement, indicators: readonly ConfirmedIndicator[]): JsonObject {
  const info = [statement.case.number, statement.case.title].filter((part) => part !== '').join(' – ')
  return {
    uuid: uuidV5(OURS, `event\n${statement.case.number}\n${statement.case.title}`),
    info: info === '' ? 'CloudTrail case' : info,
    date: new Date(statement.madeAt).toISOString().slice(0, 10),
    timestamp: seconds(statement.madeAt),
    // 4: undefined; 1: ongoing; 0: your organisation only (MISP core format).
    threat_level_id: '4',
    analysis: '1',
    distribution: '0',
    published: false,
    Tag: statement.tlp === undefined ? [] : [{ name: `tlp:${statement.tlp.toLowerCase()}` }],
    Attribute: [
      ...indicators.map((indicator) => toAttribute(indicator, statement)),
      {
        uuid: uuidV5(OURS, `selection\n${statement.case.number}\n${statement.case.title}`),
        type: 'comment',
        category: 'Internal reference',
        value: selectionLines(statement)
          .map(([label, value]) => `${label}: ${value}`)
          .join('\n'),
        to_ids: false,
        comment: 'Statement of selection',
        timestamp: seconds(statement.madeAt),
      },
    ],
  }
}

const seconds = (ms: number): string => String(Math.floor(ms / 1000))

function toAttribute(indicator: ConfirmedIndicator, statement: SelectionStatement): JsonObject {
  return {
    uuid: uuidV5(OURS, `attribute\n${statement.case.number}\n${indicator.kind}\n${indicator.value}`),
    ...mispType(indicator.kind),
    value: indicator.value,
    to_ids: false,
    comment: `${indicatorName(indicator)}. ${indicatorWords(indicator)}`,
    timestamp: seconds(indicator.confirmedAt),
    first_seen: new Date(indicator.firstSeen).toISOString(),
    last_seen: new Date(indicator.lastSeen).toISOString(),
  }
}

function mispType(kind: ConfirmedIndicator['kind']): { readonly type: string; readonly category: string } {
  switch (kind) {
    case 'address':
      return { type: 'ip-src', category: 'Network activity' }
    case 'userAgent':
      return { type: 'user-agent', category: 'Network activity' }
    case 'accessKey':
    case 'principal':
      return { type: 'text', category: 'Other' }
    default:
      return assertNever(kind)
  }
}
