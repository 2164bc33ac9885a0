import type { Command } from 'commander'
import type { UtcMs } from '#shared/base/time.ts'
import type { AskOf } from '#shared/contract/contract.ts'
import { time } from './arguments.ts'

export type RangeOptions = { readonly from?: UtcMs; readonly to?: UtcMs }

/** `--from` and `--to` of a question: from is inside, to is not. */
export const addRange = (command: Command): Command =>
  command
    .option('--from <time>', 'only events from this time on (ISO 8601; without zone it is UTC)', time)
    .option('--to <time>', 'only events before this time', time)

/** The question that a command line asks. */
export const toQuery = (
  text: string | undefined,
  range: RangeOptions,
  sort: 'eventTime' | '-eventTime' = 'eventTime',
): AskOf<'events.find'>['query'] => ({
  text: text ?? '',
  ...(range.from !== undefined && { from: range.from }),
  ...(range.to !== undefined && { to: range.to }),
  facets: [],
  sort,
})
