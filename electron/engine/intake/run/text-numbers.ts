import { hashIdentifier } from '../../vectors/identifier-hash.ts'
import { IdIndex } from './id-index.ts'

/** Texts that a batch brings, each with its field. */
export type FieldTexts = { readonly fields: readonly number[]; readonly texts: readonly string[] }

/** A text that may stand in the case under this number already. */
export type Candidate = { readonly field: number; readonly id: number }

/** Reads texts from the case: by `keyOf` the candidate. */
export type ReadTexts = (candidates: readonly Candidate[]) => Promise<ReadonlyMap<number, string>>

export const keyOf = ({ field, id }: Candidate): number => field * 2 ** 40 + id

/**
 * Finds the numbers of texts that the case has, in 11 to 13 bytes for each and without the texts themselves: ten million events have millions of
 * them, and kept as texts they are what an import's memory grew by. A hash gives candidates; what they say is read from the case and compared.
 */
export class TextNumbers {
  readonly #fields: IdIndex[]
  readonly #seed: number

  constructor(fields: number, seed: number) {
    this.#fields = Array.from({ length: fields }, () => new IdIndex(0))
    this.#seed = seed
  }

  /** Texts of all fields that can be found. */
  get size(): number {
    return this.#fields.reduce((sum, index) => sum + index.size, 0)
  }

  /** For a text that is known to be new. */
  add(field: number, text: string, id: number): void {
    this.#fields[field]!.add(hashIdentifier(text, this.#seed), id)
  }

  /** Finds none of them again. */
  clear(): void {
    for (const field of this.#fields.keys()) this.#fields[field] = new IdIndex(0)
  }

  /**
   * The number of each text; `give` numbers one that is new, which is then known.
   * @param read is asked once at most
   */
  async numbersOf(
    { fields, texts }: FieldTexts,
    read: ReadTexts,
    give: (n: number, field: number, text: string) => number,
  ): Promise<number[]> {
    const hashes = texts.map((text) => hashIdentifier(text, this.#seed))
    const candidates: Candidate[] = []
    for (const [n, hash] of hashes.entries())
      this.#fields[fields[n]!]!.each(hash, (id) => candidates.push({ field: fields[n]!, id }))
    const stored = candidates.length === 0 ? new Map<number, string>() : await read(candidates)
    // What the batch itself brings is not in the case yet.
    const fresh = this.#fields.map(() => new Map<string, number>())
    return texts.map((text, n) => {
      const field = fields[n]!
      const index = this.#fields[field]!
      let found = fresh[field]!.get(text)
      if (found === undefined && stored.size > 0)
        index.each(hashes[n]!, (id) => {
          if (isStoredAs(text, stored.get(keyOf({ field, id })))) found = id
        })
      if (found === undefined) {
        found = give(n, field, text)
        fresh[field]!.set(text, found)
        index.add(hashes[n]!, found)
      }
      return found
    })
  }
}

/** Half a surrogate pair is stored as U+FFFD. */
const isStoredAs = (text: string, stored: string | undefined): boolean =>
  stored === text || (stored?.includes('\uFFFD') === true && stored === Buffer.from(text).toString())
