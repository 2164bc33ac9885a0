import { appendCustody } from '../annotations/custody.ts'
import type { OpenCase } from '../open-case.ts'
import { stopIfCancelled } from '../refusal.ts'
import { checkColumns } from './check-columns.ts'
import { checkCustody } from './check-custody.ts'
import { checkOperations } from './check-operations.ts'
import { checkOriginals } from './check-originals.ts'
import { Findings, type Check } from './findings.ts'

export type CheckProgress = { check: string; done: number; total: number }
export type Verification = { clean: boolean; checks: Check[] }

/** Checks a case against itself and writes the result to its custody log. @throws Refusal `cancelled`. */
export async function verifyCase(
  open: OpenCase,
  progress: (p: CheckProgress) => void,
  signal: AbortSignal,
): Promise<Verification> {
  const { reader } = open.file
  const checks: Check[] = []
  progress({ check: 'database', done: 0, total: 1 })
  checks.push(await checkDatabase(open))
  checks.push(await checkOriginals(reader, (done, total) => progress({ check: 'originals', done, total }), signal))
  checks.push(await checkColumns(reader, (done, total) => progress({ check: 'columns', done, total }), signal))
  progress({ check: 'custody', done: 0, total: 1 })
  checks.push(await checkCustody(reader, signal))
  checks.push(await checkOperations(reader, signal))
  stopIfCancelled(signal)
  const clean = checks.every((check) => check.failed === 0)
  if (open.examiner)
    await open.file.transaction((tx) =>
      appendCustody(
        tx,
        open.act('case.verify', {
          clean,
          checks: checks.map(({ name, checked, failed }) => ({ name, checked, failed })),
        }),
      ),
    )
  return { clean, checks }
}

async function checkDatabase(open: OpenCase): Promise<Check> {
  const found = new Findings('database')
  const rows = await open.file.reader.all<{ integrity_check: string }>('pragma integrity_check(100)')
  for (const row of rows) {
    if (row.integrity_check === 'ok') found.passed()
    else found.failed(row.integrity_check)
  }
  const counts = await open.file.reader.get<{ events: number; ledger: number; vectors: number }>(
    `select (select count(*) from event) as events, (select coalesce(sum(event_count), 0) from entry) as ledger,
            (select coalesce(sum(count), 0) from segment where field = 0) as vectors`,
  )
  if (counts && counts.events === counts.ledger && counts.events === counts.vectors) found.passed()
  else
    found.failed(
      `The ledger counts ${counts?.ledger ?? 0} events, the table has ${counts?.events ?? 0}, the vectors have ${counts?.vectors ?? 0}.`,
    )
  return found.result
}
