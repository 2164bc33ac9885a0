import type { EventVerdict } from '#shared/domain/integrity.ts'
import { shortPrincipal, shortService } from './event-fields.ts'
import { verdictWords } from './integrity-words.ts'

/** A value as people say it beside its field: `s3` for `s3.amazonaws.com`, `write` for `readOnly` false. */
export function valueLabel(field: string, value: string): string {
  if (field === 'eventSource') return shortService(value)
  if (field === 'principal') return shortPrincipal(value)
  if (field === 'readOnly') return value === 'true' ? 'read' : value === 'false' ? 'write' : value
  if (field === 'integrity')
    return Object.hasOwn(verdictWords, value) ? verdictWords[value as EventVerdict].word : value
  return value
}
