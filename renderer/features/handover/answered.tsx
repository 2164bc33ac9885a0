import type { ReactNode } from 'react'
import type { Asked } from '#renderer/client/use-ask.ts'
import { ErrorState, Skeleton } from '#renderer/ui/states.tsx'

type Props<T> = {
  readonly asked: Pick<Asked<T>, 'value' | 'failure'>
  /** What the answer looks like. */
  readonly children: (value: T) => ReactNode
}

/** An answer in a dialog that only reads: bars until it is there, and why it is not. */
export function Answered<T>({ asked: { value, failure }, children }: Props<T>) {
  if (failure)
    return (
      <ErrorState
        title={failure.message}
        safe="Nothing in the case was changed."
        advice="Close this and try again."
        code={failure.code}
      />
    )
  return value === undefined ? <Skeleton lines={3} /> : children(value)
}
