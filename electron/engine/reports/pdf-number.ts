/** `.01` to `.99`, without zeros at the end. */
const hundredths = Array.from({ length: 100 }, (_, n) => (n === 0 ? '' : (n / 100).toString().slice(1)))

/**
 * A number of a PDF with at most two decimals: a hundredth of a point is less than any printer can place. Never an exponent. Put
 * together by hand, because a long report has millions and JavaScript takes its time with fractions.
 */
export function formatNumber(n: number): string {
  const rounded = Math.round(Math.abs(n) * 100)
  const whole = Math.floor(rounded / 100)
  const text = `${whole}${hundredths[rounded - whole * 100] ?? ''}`
  return n < 0 && rounded > 0 ? `-${text}` : text
}
