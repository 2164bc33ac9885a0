import { createHash } from 'node:crypto'
import type { ReportModel } from '#shared/domain/report.ts'

/**
 * SHA-256 over the model's content, keys sorted, lower-case hex. Printed on the cover, its first 8 digits on every page:
 * two prints with the same id say the same.
 */
export function reportHash(model: ReportModel): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(model)))
    .digest('hex')
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}
