import { describe, expect, it } from 'vitest'
import type { Failure } from '#shared/contract/contract.ts'
import { askKey, isAbout } from '#renderer/client/ask-key.ts'
import { nextJob, type JobEvent, type JobState } from '#renderer/client/job-state.ts'
import { Observable } from '#renderer/client/observable.ts'

type State = JobState<number, string>
const after = (...events: JobEvent<number, string>[]): State => events.reduce<State>(nextJob, { kind: 'idle' })
const failed = (code: Failure['code']): Failure => ({ ok: false, code, message: 'no' })

describe('a job', () => {
  it('tells how far it is, and ends with its value', () => {
    expect(after({ kind: 'started' }, { kind: 'told', progress: 3 })).toEqual({
      kind: 'running',
      progress: 3,
      stopping: false,
    })
    expect(after({ kind: 'started' }, { kind: 'ended', reply: { ok: true, value: 'x' } })).toEqual({
      kind: 'done',
      value: 'x',
    })
  })

  it('keeps telling while it stops, and says that it was stopped', () => {
    const stopping = after({ kind: 'started' }, { kind: 'stopped' }, { kind: 'told', progress: 4 })
    expect(stopping).toEqual({ kind: 'running', progress: 4, stopping: true })
    expect(nextJob(stopping, { kind: 'ended', reply: failed('cancelled') })).toMatchObject({
      kind: 'failed',
      stopped: true,
    })
    expect(nextJob(stopping, { kind: 'ended', reply: failed('disk-full') })).toMatchObject({
      kind: 'failed',
      stopped: false,
    })
  })

  it('is not changed by what comes late', () => {
    const done = after({ kind: 'started' }, { kind: 'ended', reply: { ok: true, value: 'x' } })
    for (const late of [
      { kind: 'told', progress: 9 },
      { kind: 'stopped' },
      { kind: 'ended', reply: failed('internal') },
    ] as const)
      expect(nextJob(done, late)).toBe(done)
    expect(nextJob(done, { kind: 'forgotten' })).toEqual({ kind: 'idle' })
  })

  it('cannot be forgotten while it runs', () => {
    expect(after({ kind: 'started' }, { kind: 'forgotten' }).kind).toBe('running')
  })
})

describe('keys of answers', () => {
  it('know which case they are about', () => {
    const key = askKey('cases.info', { caseId: 'a' })
    expect(isAbout(key, 'a')).toBe(true)
    expect(isAbout(key, 'b')).toBe(false)
    for (const other of [askKey('host.recent', {}), askKey('cases.info', null), [], ['x', 7]])
      expect(isAbout(other, 'a')).toBe(false)
  })
})

describe('an observable', () => {
  it('tells who listens, once per change, until they stop', () => {
    const value = new Observable(1)
    let told = 0
    const stop = value.subscribe(() => told++)
    value.set(1)
    value.set(2)
    stop()
    value.set(3)
    expect([told, value.get()]).toEqual([1, 3])
  })
})
