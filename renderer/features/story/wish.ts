import type { AskOf } from '#shared/contract/contract.ts'
import type { EventQuery } from '#shared/domain/query/query.ts'

export type Redaction = { readonly value: string; readonly reason: string }

/** What is asked of a printed report, as the form has it. */
export type Wish = {
  readonly scope: 'bookmarks' | 'tag' | 'query'
  readonly tag: string
  readonly draft: boolean
  readonly newestFirst: boolean
  readonly certificate: boolean
  readonly redactions: readonly Redaction[]
}

export const firstWish: Wish = {
  scope: 'bookmarks',
  tag: '',
  draft: false,
  newestFirst: false,
  certificate: true,
  redactions: [],
}

/** The wish as the engine takes it; a tag that is not chosen yet means the bookmarks, a redaction without value or reason means nothing. */
export function reportInput(wish: Wish, query: EventQuery): Omit<AskOf<'report.preview'>, 'caseId'> {
  const scope =
    wish.scope === 'query'
      ? { kind: 'query' as const, query }
      : wish.scope === 'tag' && wish.tag !== ''
        ? { kind: 'tag' as const, tag: wish.tag }
        : { kind: 'bookmarks' as const }
  return {
    scope,
    draft: wish.draft,
    sort: wish.newestFirst ? '-eventTime' : 'eventTime',
    certificate: wish.certificate,
    redactions: wish.redactions
      .filter((one) => one.value !== '' && one.reason.trim() !== '')
      .map((one) => ({ ...one })),
  }
}

/** A file name that every system takes: `ACME-2026-014 report.pdf`. */
export function reportFileName(number: string, format: 'pdf' | 'html'): string {
  const safe = number
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._ -]/gu, '_')
    .slice(0, 80)
    .trim()
  return `${safe === '' ? '' : `${safe} `}report.${format}`
}
