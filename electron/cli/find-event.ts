import type { CaseId } from '#shared/contract/common.ts'
import { CliFailure } from './failure.ts'
import type { Session } from './session.ts'

/** The events that a person means: by eventID, or by `#` and the event's number in the case. @throws CliFailure `not-found` */
export async function findEvents(session: Session, caseId: CaseId, typed: string): Promise<[number, ...number[]]> {
  const number = /^#(\d{1,15})$/.exec(typed)?.[1]
  if (number !== undefined) return [Number(number)]
  const { ids } = await session.ask('events.locate', { caseId, eventID: typed })
  const [first, ...others] = ids
  if (first === undefined)
    throw new CliFailure(
      'not-found',
      `There is no event ${typed} in this case. Look for it with: trailcase events CASE`,
    )
  return [first, ...others]
}

/** The one event that a person means. @throws CliFailure `bad-input` where records with one eventID say different things. */
export async function findEvent(session: Session, caseId: CaseId, typed: string): Promise<number> {
  const [id, ...others] = await findEvents(session, caseId, typed)
  if (others.length > 0)
    throw new CliFailure(
      'bad-input',
      `Records with the eventID ${typed} say different things. Name one of them: ${[id, ...others].map((one) => `'#${one}'`).join(', ')}`,
    )
  return id
}
