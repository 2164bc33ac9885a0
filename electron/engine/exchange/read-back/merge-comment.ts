import { visible } from '#shared/base/visible.ts'

/** What was said about an event: the words of its bookmark. */
export type Words = { readonly title: string; readonly note: string }

/** A first line up to this long becomes the title of a new bookmark. */
const TITLE_LENGTH = 120

/**
 * What a comment that came back means for the words that stand already. Nothing is ever taken away or overwritten:
 *
 *     here "Logging stopped"   came back "Logging stopped"            nothing
 *     here "Logging stopped"   came back "Logging stopped\nLegit."    adds "Legit."
 *     here "Logging stopped"   came back "Legit."                     adds "Legit." below
 *     nothing here             came back "Logging stopped\nLegit."    title "Logging stopped", note "Legit."
 *
 * Lines that stand there already are recognised in the form in which an export shows them (hidden characters made visible), so that
 * the same file read twice adds nothing.
 * @param origin goes below what was added: who wrote it, and where it came from
 * @returns the words as they should be, or undefined where they say it already
 */
export function mergeComment(here: Words | undefined, comment: string, origin: string): Words | undefined {
  const said = asExported(comment)
  if (said === '') return undefined
  if (!here) return firstWords(said, origin)
  const shown = shownWords(here)
  if (says(shown, said)) return undefined
  const { title } = here
  if (shown !== '' && said.startsWith(`${shown}\n`)) {
    const added = said.slice(shown.length + 1)
    const longer = { title, note: `${here.note === '' ? '' : `${here.note}\n`}${added}\n\n${origin}` }
    // Blank lines at the end of a title or note are not in `shown`, and stand between then.
    if (says(shownWords(longer), said)) return longer
  }
  return { title, note: `${here.note === '' ? '' : `${here.note}\n\n`}${said}\n\n${origin}` }
}

const shownWords = ({ title, note }: Words): string =>
  asExported([title, note].filter((part) => part !== '').join('\n'))

/** Whether whole lines of the text are these. */
const says = (shown: string, said: string): boolean => `\n${shown}\n`.includes(`\n${said}\n`)

function firstWords(said: string, origin: string): Words {
  const end = said.indexOf('\n')
  const first = end < 0 ? said : said.slice(0, end)
  const [title, note] = first.length <= TITLE_LENGTH ? [first, said.slice(first.length + 1)] : ['', said]
  return { title, note: note === '' ? origin : `${note}\n\n${origin}` }
}

const asExported = (text: string): string => text.replaceAll('\r\n', '\n').split('\n').map(visible).join('\n').trim()
