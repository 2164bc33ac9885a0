/** One line of the table that `npm run bench` prints. */
export function measured(what: string, value: number, unit: string, aim?: string): void {
  process.stdout.write(`${JSON.stringify({ what, value, unit, ...(aim === undefined ? {} : { aim }) })}\n`)
}
