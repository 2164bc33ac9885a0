import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sampleEngine, type SampleEngine } from '../sample-engine.ts'

let sample: SampleEngine
beforeAll(async () => {
  sample = await sampleEngine()
})
afterAll(() => sample.close())

const run = (sql: string, more: { limit?: number; timeoutMs?: number } = {}) => sample.ask('sql.run', { sql, ...more })
const refused = async (sql: string, more: { limit?: number; timeoutMs?: number } = {}) => {
  const reply = await run(sql, more)
  if (reply.ok) throw new Error(`ran: ${sql}: ${JSON.stringify(reply.value).slice(0, 300)}`)
  return reply
}
/** Every file below the folder of the case, with nothing of SQLite's own beside the case. */
const files = () =>
  readdirSync(sample.folder, { recursive: true })
    .map(String)
    .filter((f) => !/-(wal|shm)$/.test(f) && !f.includes('evidence'))
    .sort()
const rows = async (sql: string, more: { limit?: number } = {}) => {
  const reply = await run(sql, more)
  if (!reply.ok) throw new Error(reply.message)
  return reply.value
}
const everyRow = () =>
  rows(
    `select (select count(*) from event) as e, (select count(*) from custody) as c, (select count(*) from sqlite_schema) as s, (select count(*) from entry) as n`,
  )

describe('the SQL console', () => {
  it('answers a SELECT over the documented views, with columns and rows in order', async () => {
    const {
      columns,
      rows: found,
      truncated,
    } = await rows(`select eventName, count(*) as n from events where eventName = 'StopLogging' group by 1;`)
    expect(columns).toEqual(['eventName', 'n'])
    expect(found).toEqual([['StopLogging', 1]])
    expect(truncated).toBe(false)
  })

  it('takes WITH, VALUES, comments, quoted semicolons and parentheses in texts for what they are', async () => {
    expect((await rows(`with a(x) as (values (1), (2)) select sum(x) as s from a -- the end;`)).rows).toEqual([[3]])
    expect((await rows(`values ('a;b)'), ('it''s (fine'); /* ; ) */ -- more ) `)).rows).toEqual([
      ['a;b)'],
      ["it's (fine"],
    ])
    expect((await rows(`select 1 as "a)b", 2 as [c;d], 3 as \`e(f\``)).columns).toEqual(['a)b', 'c;d', 'e(f'])
  })

  it('gives the names of the columns when there is no row, and of columns that are called the same', async () => {
    expect(await rows(`select eventName, eventName from events where eventName = 'NoSuchCall'`)).toMatchObject({
      columns: ['eventName', 'eventName:1'],
      rows: [],
    })
  })

  it('says that there is more than the limit', async () => {
    const answer = await rows('select eventID from events', { limit: 10 })
    expect(answer.rows).toHaveLength(10)
    expect(answer.truncated).toBe(true)
    expect((await rows('select eventID from events limit 10', { limit: 10 })).truncated).toBe(false)
  })

  it('gives integers beyond 2^53 as text and bytes as a literal', async () => {
    expect((await rows(`select 9007199254740993 as big, x'00ff' as bytes, null as none, 1.5 as half`)).rows).toEqual([
      ['9007199254740993', "x'00ff'", null, 1.5],
    ])
  })

  it('says what is wrong with a wrong statement in the words of SQLite', async () => {
    expect(await refused('select x from nowhere')).toMatchObject({
      code: 'bad-input',
      message: 'SQLite says: no such table: nowhere',
    })
    expect(await refused(`select json_extract('{', '$.a') from (select 1 union select 2)`)).toMatchObject({
      code: 'bad-input',
      message: 'SQLite says: malformed JSON',
    })
    expect((await refused('  ;; ')).message).toContain('no statement')
  })
})

describe('statements that must not run', () => {
  const target = () => join(sample.folder, 'made-by-sql.db')
  const attacks: readonly (readonly [name: string, sql: () => string])[] = [
    ['VACUUM INTO', () => `vacuum into '${target()}'`],
    ['VACUUM', () => 'vacuum'],
    ['ATTACH of a new file', () => `attach '${target()}' as x`],
    ['ATTACH of memory', () => `attach ':memory:' as x`],
    ['DETACH', () => 'detach main'],
    ['PRAGMA writable_schema', () => 'pragma writable_schema = on'],
    ['PRAGMA query_only off', () => 'pragma query_only = off'],
    ['PRAGMA journal_mode', () => 'pragma journal_mode = delete'],
    ['PRAGMA wal_checkpoint as a table', () => 'select * from pragma_wal_checkpoint'],
    ['PRAGMA writable_schema as a table', () => `select * from pragma_writable_schema('on')`],
    ['PRAGMA journal_mode as a table', () => `select * from pragma_journal_mode('delete')`],
    ['PRAGMA incremental_vacuum as a table', () => 'select * from pragma_incremental_vacuum(1)'],
    ['load_extension', () => `select load_extension('/lib/x86_64-linux-gnu/libm.so.6')`],
    ['readfile', () => `select readfile('/etc/passwd')`],
    ['writefile', () => `select writefile('${target()}', 'x')`],
    ['fts3_tokenizer', () => `select fts3_tokenizer('simple', x'4141414141414141')`],
    ['edit', () => `select edit('x')`],
    ['fsdir', () => `select * from fsdir('/')`],
    ['dbpage', () => `update sqlite_dbpage set data = zeroblob(4096)`],
    ['INSERT', () => `insert into fact values ('a', 'b')`],
    ['INSERT into the index of words', () => `insert into word(word) values ('delete-all')`],
    ['UPDATE with RETURNING', () => `update custody set examiner = 'x' returning *`],
    ['DELETE with RETURNING', () => `delete from event returning id`],
    ['a WITH before a DELETE', () => `with x as (select 1) delete from event`],
    ['a data-changing CTE', () => `with x as (delete from event returning id) select * from x`],
    ['CREATE', () => 'create table x(a)'],
    ['CREATE TEMP', () => 'create temp table x(a)'],
    ['CREATE VIRTUAL TABLE', () => `create virtual table temp.x using csv(filename = '/etc/passwd')`],
    ['DROP', () => 'drop table event'],
    ['REINDEX', () => 'reindex'],
    ['ANALYZE', () => 'analyze'],
    ['EXPLAIN', () => 'explain select 1'],
    ['BEGIN', () => 'begin exclusive'],
    ['two statements', () => 'select 1; drop table event'],
    ['two SELECTs', () => 'select 1; select 2'],
    ['closing the parentheses around it', () => `select 1)) x; drop table event; --`],
    ['closing them and opening them again', () => `select 1) union select (2`],
    ['closing them once', () => 'select 1)'],
    ['a comment that swallows the end', () => 'select 1 /*'],
    ['a line comment before more', () => `select 1) --\n; attach '${target()}' as x`],
    ['a text that swallows the end', () => `select 1 where 'a`],
    ['a NUL character that ends the text early', () => `select 1)) x\u0000(`],
    ['a parameter that hides a parenthesis in its name', () => 'select $a(()) x limit 1 --\n('],
    ['a nameless parameter', () => 'select ?1'],
  ]
  it.each(attacks)('refuses %s', async (_, sql) => {
    const before = { files: files(), rows: (await everyRow()).rows }
    const reply = await refused(sql(), { timeoutMs: 5000 })
    expect(reply.code).toBe('bad-input')
    expect(reply.message).not.toMatch(/\n\s+at |while running/)
    expect(existsSync(target())).toBe(false)
    expect({ files: files(), rows: (await everyRow()).rows }).toEqual(before)
  })
})

describe('statements that take too much', () => {
  const greedy: readonly (readonly [name: string, sql: string])[] = [
    [
      'an infinite CTE that is counted',
      'with recursive x(n) as (select 1 union all select n + 1 from x) select count(*) from x',
    ],
    [
      'an infinite CTE that is searched',
      'with recursive x(n) as (select 1 union all select n + 1 from x) select n from x where n < 0',
    ],
    [
      'a cross join',
      'select count(*) from events a, events b, events c, events d where a.eventName > b.eventName || c.eventID || d.eventID',
    ],
    [
      'a cross join in the order by',
      'select 1 from entry a, entry b, entry c, entry d order by a.path || b.path limit 1',
    ],
    [
      'LIKE with many wildcards',
      `with recursive x(n) as (select 1 union all select n + 1 from x) select count(*) from x where printf('%1000000d', n) like '%1%2%3%4%5%6%7%8%9%a'`,
    ],
    [
      'GLOB with many wildcards',
      `select count(*) from events a, events b, events c where a.requestParameters || b.requestParameters glob '*a*b*c*d*e*f*g*h*'`,
    ],
    [
      'group_concat without end',
      `with recursive x(n) as (select 1 union all select n + 1 from x) select length(group_concat(printf('%1000d', n))) from x`,
    ],
    ['one long step of instr', `select instr(printf('%.*c', 1000000, 'a'), printf('%.*c', 500000, 'a') || 'b')`],
  ]
  it.each(greedy)('stops %s at the time limit', async (_, sql) => {
    const started = performance.now()
    const reply = await refused(sql, { timeoutMs: 400 })
    expect(['time-limit', 'bad-input']).toContain(reply.code)
    // Not a measure of speed: it must end by the limit, not by itself.
    expect(performance.now() - started).toBeLessThan(15_000)
  })

  const tooBig: readonly (readonly [name: string, sql: string])[] = [
    ['zeroblob', 'select length(hex(zeroblob(900000000)))'],
    ['randomblob', 'select length(randomblob(900000000))'],
    ['replace that grows', `select length(replace(printf('%.*c', 1000000, 'a'), 'a', printf('%.*c', 1000000, 'b')))`],
    ['an expression nested too deep', `select ${'abs('.repeat(500)}1${')'.repeat(500)}`],
    ['too many UNIONs', Array.from({ length: 200 }, (_, n) => `select ${n}`).join(' union all ')],
    ['a LIKE pattern that is too long', `select 'a' like printf('%.*c', 50000, '%')`],
  ]
  it.each(tooBig)('refuses %s', async (_, sql) => {
    expect(await refused(sql)).toMatchObject({ code: 'bad-input' })
  })

  it('makes nothing of a printf of half a gigabyte', async () => {
    // SQLite gives NULL for a text beyond the limit of length.
    expect((await rows(`select printf('%500000000d', 1) as text`)).rows).toEqual([[null]])
  })

  it('ends an answer that grows too large, and says that it is cut off', async () => {
    const answer = await rows(
      `with recursive x(n) as (select 1 union all select n + 1 from x) select printf('%1000000d', n) as text from x`,
      { limit: 1_000_000 },
    )
    expect(answer.truncated).toBe(true)
    expect(answer.rows.length).toBeLessThan(200)
  })

  it('ends an endless answer at the limit of rows', async () => {
    const answer = await rows('with recursive x(n) as (select 1 union all select n + 1 from x) select n from x', {
      limit: 100,
    })
    expect(answer).toMatchObject({ truncated: true })
    expect(answer.rows).toHaveLength(100)
  })

  it('stops when the person cancels, and answers the next statement', async () => {
    const stopping = new AbortController()
    const asked = sample.ask(
      'sql.run',
      { sql: 'with recursive x(n) as (select 1 union all select n + 1 from x) select count(*) from x' },
      stopping.signal,
    )
    setTimeout(() => stopping.abort(), 100)
    expect(await asked).toMatchObject({ ok: false, code: 'cancelled' })
    expect((await rows('select 1 as one')).rows).toEqual([[1]])
  })

  it('stops at whatever moment the person cancels: while the case is opened for it, between its steps, while it runs', async () => {
    for (let ms = 0; ms <= 60; ms += 3) {
      const stopping = new AbortController()
      const asked = sample.ask(
        'sql.run',
        { sql: 'with recursive x(n) as (select 1 union all select n + 1 from x) select count(*) from x' },
        stopping.signal,
      )
      setTimeout(() => stopping.abort(), ms)
      expect(await asked).toMatchObject({ ok: false, code: 'cancelled' })
    }
    expect((await rows('select 1 as one')).rows).toEqual([[1]])
  })

  it('leaves the rest of the engine alive', async () => {
    expect(
      (await sample.get('events.count', { query: { text: '', facets: [], sort: 'eventTime' } })).total,
    ).toBeGreaterThan(1000)
  })
})
