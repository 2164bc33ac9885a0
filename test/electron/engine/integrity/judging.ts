import { parseUtc } from '#shared/base/time.ts'
import { judge } from '#engine/integrity/judge.ts'
import type { Judgement } from '#engine/integrity/judgement.ts'
import { inventoryOf, type InventoryOptions, type Tree } from '#test/fixtures/digest-chain.ts'

/** What the judge's tests ask of a judgement, in a form that reads well in an expectation. */

export const start = parseUtc('2024-05-01T00:11:31Z')!
export const HOUR = 3_600_000

/** The judgement of a signed tree as it lies on disk. */
export const judged = (tree: Tree, options: InventoryOptions = {}): Judgement => judge(inventoryOf(tree, options))

/** Every finding as `severity CODE`. */
export const codes = (judgement: Judgement): string[] => judgement.findings.map((f) => `${f.severity} ${f.code}`)

/** The verdict of every digest, in order. */
export const verdicts = (judgement: Judgement): string[] => judgement.digests.map((d) => d.verdict)

/** The verdict of one log file, by its key. */
export const logVerdict = (judgement: Judgement, key: string): string | undefined =>
  judgement.logs.find((log) => (log.kind === 'missing' ? log.listing.key === key : log.path.endsWith(key)))?.verdict
