/** `1234567` as `1,234,567`: the same in every locale, so that reports and tests agree. */
export const grouped = (n: number): string => String(Math.round(n)).replace(/\B(?=(\d{3})+(?!\d))/g, ',')

/** `1 event`, `2 events`. The plural is given only where it is not `singular + s`. */
export const counted = (n: number, singular: string, plural = `${singular}s`): string =>
  `${grouped(n)} ${n === 1 ? singular : plural}`

/** `57.0 MB`: decimal units, as disks and AWS count. */
export function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = n
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return unit === 0 ? `${grouped(n)} B` : `${value.toFixed(value < 100 ? 1 : 0)} ${units[unit]!}`
}
