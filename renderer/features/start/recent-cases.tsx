import { useEffect } from 'react'
import type { Grant } from '#shared/contract/common.ts'
import { cutMiddle, visible } from '#shared/base/visible.ts'
import { useAsk } from '#renderer/client/use-ask.ts'
import { Skeleton } from '#renderer/ui/states.tsx'
import { timeText } from '#shared/base/zone.ts'
import css from './start.module.css'

type Props = { readonly isDisabled: boolean; readonly onOpen: (grant: Grant) => void }

/** The cases that were open before, newest first; one that was moved or deleted stays in sight and says so. */
export function RecentCases({ isDisabled, onOpen }: Props) {
  // Grants are spent when used, so the list is asked for anew whenever it comes into sight.
  const recent = useAsk('host.recent', {}, { everyMs: 20_000, keepsPrevious: false })
  const { again } = recent
  useEffect(again, [again])
  return (
    <section className={css['recent']} aria-label="Recent cases">
      <h2>Recent cases</h2>
      {recent.value === undefined ? (
        recent.failure ? (
          <p className={css['none']}>{recent.failure.message}</p>
        ) : (
          <Skeleton lines={4} />
        )
      ) : recent.value.cases.length === 0 ? (
        <p className={css['none']}>None yet. Cases that you open are listed here.</p>
      ) : (
        <ul>
          {recent.value.cases.map((one) => (
            <li key={one.path}>
              <button
                type="button"
                className={css['case']}
                disabled={isDisabled || !one.present}
                title={visible(one.path)}
                onClick={() => onOpen(one.grant)}
              >
                <span className={css['caseTitle']}>{visible(one.title || baseName(one.path))}</span>
                <span className={css['caseNumber']}>{visible(one.number)}</span>
                <span className={css['casePath']}>{visible(cutMiddle(one.path, 58))}</span>
                <span className={css['caseWhen']}>
                  {one.present ? timeText(wholeSecond(one.openedMs)) : 'not there any more'}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

const wholeSecond = (ms: number): number => ms - (ms % 1000)
const baseName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
