import type { UtcMs } from '#shared/base/time.ts'
import { arnOf, type Actor, type Call } from './records.ts'

/** A call of the attack, or of those who answer it. `what` is there when it is a step worth telling. */
export type StoryCall = Call & { readonly what?: string }

export const call = (
  time: UtcMs,
  account: string,
  region: string,
  actor: Actor,
  service: string,
  name: string,
  rest?: Partial<StoryCall>,
): StoryCall => ({
  time,
  account,
  region,
  actor,
  service,
  name,
  ...rest,
})
/** What a service answers when no policy allows the action. */
export const denied = (actor: Actor, action: string): { code: string; message: string } => ({
  code: action.startsWith('ec2:')
    ? 'Client.UnauthorizedOperation'
    : /^(?:secretsmanager|bedrock|ses):/.test(action)
      ? 'AccessDeniedException'
      : 'AccessDenied',
  message: `User: ${arnOf(actor)} is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`,
})
