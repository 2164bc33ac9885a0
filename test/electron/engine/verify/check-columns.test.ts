import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { termFields, documentFields } from '#shared/domain/fields.ts'
import { eventNumbers } from '#engine/storage/event-table.ts'
import { checkColumns } from '#engine/verify/check-columns.ts'
import { annotatedCase, type TestCase } from '../annotations/annotated-case.ts'

let test: TestCase
beforeAll(async () => {
  test = await annotatedCase(`
    09:00 alice ConsoleLogin
    09:01 alice CreateUser -> mallory
    09:02 mallory StopLogging -> trail
    11:00 bob ConsoleLogin`)
})
afterAll(() => test.engine.closeAll())

const check = () => checkColumns(test.open.file.reader, () => undefined, new AbortController().signal)
const nameColumn = `t${termFields.indexOf('eventName')}`
/** Gives an event another value in one of its columns. */
const change = (event: number, column: string, value: string) =>
  `update event_row set numbers = jsonb_set(numbers, '$[${eventNumbers.indexOf(column)}]', ${value}) where id = ${event}`
const plus = (event: number, column: string, n: number) =>
  change(event, column, `(select ${column} from event where id = ${event}) + ${n}`)
const requestColumn = `d${documentFields.indexOf('requestParameters')}`

describe('the check of columns', () => {
  it('passes each event of a case that is as it was imported', async () => {
    expect(await check()).toEqual({ name: 'columns', checked: 4, failed: 0, failures: [] })
  })

  const changes: readonly (readonly [string, string, string, number, string])[] = [
    [
      'a text that events share',
      `update term set text = 'StartLogging' where text = 'StopLogging'`,
      `update term set text = 'StopLogging' where text = 'StartLogging'`,
      1,
      'eventName differs',
    ],
    [
      'a column that is gone',
      change(2, nameColumn, 'null'),
      change(2, nameColumn, `(select id from term where text = 'CreateUser')`),
      1,
      'eventName differs',
    ],
    [
      'a document',
      `update document set json = replace(json, 'mallory', 'malice') where id = (select ${requestColumn} from event where id = 2)`,
      `update document set json = replace(json, 'malice', 'mallory') where id = (select ${requestColumn} from event where id = 2)`,
      1,
      'requestParameters differs',
    ],
    ['a place in the file', plus(3, 'offset', 1), plus(3, 'offset', -1), 1, 'stands elsewhere'],
    ['a time', plus(1, 'time_ms', 1), plus(1, 'time_ms', -1), 1, 'eventTime is'],
    [
      'an event that is said to be of another file',
      plus(4, 'entry', 1000),
      plus(4, 'entry', -1000),
      1,
      'of its events are gone',
    ],
  ]
  it.each(changes)('finds %s that was changed', async (_, forth, back, failed, words) => {
    await test.open.file.transaction((tx) => tx.run(forth))
    const found = await check()
    await test.open.file.transaction((tx) => tx.run(back))
    expect(found).toMatchObject({ failed, failures: [expect.stringContaining(words) as string] })
    expect((await check()).failed).toBe(0)
  })
})
