/**
 * Text from logs is written by attackers: control, bidi and zero-width characters can hide or forge what a person sees
 * or drive a terminal. They are shown as `\u{202e}` (H-13, H-14, H-25 of the reliability rules).
 */
const HIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff]/u
const HIDDEN_ALL = new RegExp(HIDDEN.source, 'gu')

/** The same text with every character that a reader could not see, or that acts on its surroundings, as `\u{…}`. */
export function visible(text: string): string {
  if (!HIDDEN.test(text)) return text
  return text.replace(HIDDEN_ALL, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`)
}

/** Whether `visible` would change the text. */
export const hasHidden = (text: string): boolean => HIDDEN.test(text)

/** A long text cut in its middle: `arn:aws:iam::1234…/alice`. Length in UTF-16 units, at least 3. */
export function cutMiddle(text: string, length: number): string {
  if (text.length <= length) return text
  const head = Math.ceil((length - 1) / 2)
  return `${text.slice(0, head)}…${text.slice(text.length - (length - 1 - head))}`
}
