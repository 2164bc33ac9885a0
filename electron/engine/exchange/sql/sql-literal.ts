import { hasHidden } from '#shared/base/visible.ts'
import { Untranslatable } from './untranslatable.ts'

/**
 * Any text as an SQL expression that every engine reads alike: quotes are doubled, and a character that a reader would not
 * see, a line break for one, is written as `chr(8238)`. No engine of ours gives a backslash a meaning here.
 *
 *     it's U+202E x  ->  ('it''s ' || chr(8238) || ' x')
 *
 * @throws Untranslatable for U+0000 and for text that is not Unicode: no literal can say them, and the columns hold U+FFFD instead.
 */
export function sqlLiteral(text: string): string {
  if (/[\0\ufffd]|\p{Surrogate}/u.test(text))
    throw new Untranslatable('it holds a character that an SQL literal or a Parquet column cannot carry unchanged')
  if (!hasHidden(text)) return quoted(text)
  const parts: string[] = []
  let plain = ''
  for (const character of text) {
    if (!hasHidden(character)) {
      plain += character
      continue
    }
    if (plain !== '') parts.push(quoted(plain))
    parts.push(`chr(${character.codePointAt(0)!})`)
    plain = ''
  }
  if (plain !== '') parts.push(quoted(plain))
  return parts.length === 1 ? parts[0]! : `(${parts.join(' || ')})`
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
