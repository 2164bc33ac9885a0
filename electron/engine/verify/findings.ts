export type CheckName = 'database' | 'originals' | 'columns' | 'custody' | 'annotations'
/** What was checked, how often it failed, and the first failures in words. */
export type Check = { name: CheckName; checked: number; failed: number; failures: string[] }

/** How many failures are told one by one; all are counted. */
const TOLD = 100

/** Collects the result of one check. */
export class Findings {
  readonly #name: CheckName
  #checked = 0
  #failed = 0
  readonly #failures: string[] = []
  constructor(name: CheckName) {
    this.#name = name
  }
  passed(n = 1): void {
    this.#checked += n
  }
  failed(words: string): void {
    this.#checked++
    this.#failed++
    if (this.#failures.length < TOLD) this.#failures.push(words)
  }
  get result(): Check {
    return { name: this.#name, checked: this.#checked, failed: this.#failed, failures: this.#failures }
  }
}
