import { useMemo } from 'react'
import type { CaseId } from '#shared/contract/common.ts'
import { useAsk } from '#renderer/client/use-ask.ts'
import { mergeGaps, type NamedGap } from './lane-model.ts'

const none: readonly NamedGap[] = []

/** Where no digest vouches for what was delivered, named by reason, account and region. */
export function useGaps(caseId: CaseId): readonly NamedGap[] {
  const { value } = useAsk('integrity.coverage', { caseId })
  return useMemo(
    () =>
      value === undefined
        ? none
        : mergeGaps(
            value.lanes.flatMap(({ account, region, gaps }) =>
              gaps.map(({ fromMs, toMs, says }) => ({
                from: fromMs,
                to: toMs,
                name: `${says} (${account} ${region})`,
              })),
            ),
          ),
    [value],
  )
}
