/** How often something may end by itself before it is left alone: `most` times within `withinMs`. */
export class Restarts {
  readonly #most: number
  readonly #withinMs: number
  readonly #now: () => number
  #times: number[] = []

  constructor(most: number, withinMs: number, now: () => number) {
    this.#most = most
    this.#withinMs = withinMs
    this.#now = now
  }

  /** Notes one end; says whether to start again. */
  mayRestart(): boolean {
    const now = this.#now()
    this.#times = [...this.#times.filter((time) => now - time < this.#withinMs), now]
    return this.#times.length <= this.#most
  }

  forget(): void {
    this.#times = []
  }
}
