import { EvidenceFiles } from '#renderer/features/evidence/evidence-files.tsx'
import { useIntake } from './intake.tsx'

/** Evidence: what was handed over and what became of it. */
export function EvidencePlace() {
  return <EvidenceFiles intake={useIntake()} />
}
