/** A question that SQL over the columns cannot answer exactly, with the reason in words. Thrown and caught in this folder only. */
export class Untranslatable extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'Untranslatable'
  }
}
