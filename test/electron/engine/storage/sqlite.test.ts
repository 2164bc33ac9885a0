import { describe, expect, it } from 'vitest'
import { Connection, SqlError } from '#engine/storage/sqlite.ts'

describe('the driver around sqlite3', () => {
  it('binds a BigInt as its number, where the binding alone would store NULL', async () => {
    const db = await Connection.open(':memory:', 'create')
    await db.exec('create table t (n integer) strict')
    await db.run('insert into t values (?)', [9_007_199_254_740_991n])
    expect(await db.get('select cast(n as text) as n from t')).toEqual({ n: '9007199254740991' })
    await db.close()
  })

  it('refuses a BigInt that a number cannot hold, and NaN, instead of storing something else', async () => {
    const db = await Connection.open(':memory:', 'create')
    await expect(Promise.resolve().then(() => db.run('select ?', [9_007_199_254_740_993n]))).rejects.toThrow(RangeError)
    await expect(Promise.resolve().then(() => db.run('select ?', [Number.NaN]))).rejects.toThrow(RangeError)
    await db.close()
  })

  it('keeps integers above 2^31 whole in integer columns and in comparisons', async () => {
    const db = await Connection.open(':memory:', 'create')
    await db.exec('create table t (n integer) strict')
    for (const n of [2 ** 31, 2 ** 31 + 1, 2 ** 40 + 1, -(2 ** 33)]) await db.run('insert into t values (?)', [n])
    expect(await db.all('select typeof(n) as type, n from t where n = ?', [2 ** 40 + 1])).toEqual([
      { type: 'integer', n: 2 ** 40 + 1 },
    ])
    expect(await db.all('select n from t where n > ?', [2 ** 31])).toHaveLength(2)
    await db.close()
  })

  it('reads integers above 2^53 exactly when the statement casts them to text', async () => {
    const db = await Connection.open(':memory:', 'create')
    expect(await db.get('select cast(9007199254740993 as text) as exact, 9007199254740993 as rounded')).toEqual({
      exact: '9007199254740993',
      rounded: 9_007_199_254_740_992,
    })
    await db.close()
  })

  it('names the statement that failed', async () => {
    const db = await Connection.open(':memory:', 'create')
    const error: unknown = await db.run('selec 1').catch((e: unknown) => e)
    expect(error).toBeInstanceOf(SqlError)
    expect((error as SqlError).sql).toBe('selec 1')
    await db.close()
  })

  it('stops a running statement when asked', async () => {
    const db = await Connection.open(':memory:', 'create')
    const endless = db.all('with recursive c(n) as (select 1 union all select n + 1 from c) select max(n) from c')
    setTimeout(() => db.interrupt(), 50)
    await expect(endless).rejects.toMatchObject({ code: 'cancelled' })
    await db.close()
  })
})
