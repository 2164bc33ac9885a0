import type { MarkKind } from '#renderer/ui/mark.tsx'

/** The kinds of stretches in words, as they stand in legends, tables and beside the pointer. */
export const kindWords: Readonly<Record<MarkKind, string>> = {
  proven: 'proven',
  listed: 'listed, not proven',
  altered: 'altered',
  missing: 'missing',
  none: 'no digest',
}

export const severityWords = { high: 'high', medium: 'medium', low: 'low', info: 'note' } as const
export const severityTones = { high: 'danger', medium: 'warn', low: 'info', info: 'plain' } as const
