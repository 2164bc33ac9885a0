import { useEffect } from 'react'
import { useCoverageStrip, type CoveredSpan } from '#renderer/client/coverage.ts'
import { useOpenCase } from '#renderer/client/workspace.ts'

/**
 * Reads how far the evidence reaches, and tells it. Draws nothing: it is mounted only once the first rows are there, because the answer is
 * large and the engine would give it before them.
 */
export function CoverageReader({
  onRead,
}: {
  readonly onRead: (coverage: readonly CoveredSpan[] | undefined) => void
}) {
  const { caseId } = useOpenCase()
  const coverage = useCoverageStrip(caseId)
  useEffect(() => onRead(coverage), [coverage, onRead])
  return null
}
