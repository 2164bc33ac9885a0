import { assertNever } from '../../base/assert.ts'
import type { View } from './ast.ts'

/** Endpoints of the partitions aws, aws-cn and aws-eusc, which end the `eventSource` of their services. */
const SERVICE_SUFFIXES = ['.amazonaws.com', '.amazonaws.com.cn', '.amazonaws.eu']

function serviceOf(eventSource: string): string {
  const lower = eventSource.toLowerCase()
  const suffix = SERVICE_SUFFIXES.find((candidate) => lower.endsWith(candidate))
  return suffix === undefined ? eventSource : eventSource.slice(0, -suffix.length)
}

/**
 * The names in an ARN, which has the form `arn:partition:service:region:account:resource` where the resource is parted by `/` or `:`
 * (AWS, "Amazon Resource Names"): `arn:aws:sts::1234:assumed-role/Admin/alice` gives `assumed-role`, `Admin`, `alice`.
 */
function namesInArn(text: string): string[] {
  if (!/^arn:/i.test(text)) return []
  return text.split(/[:/]/).slice(5)
}

/** The texts that a value offers for comparison. */
export function textsOf(view: View, value: string): readonly string[] {
  switch (view) {
    case 'whole':
      return [value]
    case 'service':
      return [value, serviceOf(value)]
    case 'name':
      return [value, ...namesInArn(value)]
    default:
      return assertNever(view)
  }
}
