import { parseMarkdown } from '#renderer/ui/markdown/parse-markdown.ts'

/** One command of the manual, as it is written there. */
export type Example = {
  readonly text: string
  /** The exit code the line promises: `# exit code 1: why` at its end, else 0. */
  readonly code: number
  readonly kind: ExampleKind
}

/**
 * `run`: run as it stands. `window`: opens a window, so it is stopped with Ctrl-C once it has said its address. `elsewhere`: needs AWS, a registry, an
 * installer or a person, so only its form is looked at. The first words decide.
 */
export type ExampleKind = 'run' | 'window' | 'elsewhere'

const elsewhere = new Set(['aws', 'npm', 'sudo', 'sha256sum'])

/** Every line of every block of commands (`sh`) in a document, in order. */
export function examplesOf(markdown: string): readonly Example[] {
  return parseMarkdown(markdown).flatMap((block) =>
    block.kind === 'code' && block.language === 'sh' ? joined(block.lines).map(toExample) : [],
  )
}

/** Lines that end with a backslash go on in the next. */
const joined = (lines: readonly string[]): string[] =>
  lines
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))

function toExample(line: string): Example {
  const at = line.search(/ {2,}# /)
  const text = at < 0 ? line : line.slice(0, at)
  const code = /# exit code (\d)/.exec(at < 0 ? '' : line.slice(at))?.[1]
  const [first = '', second = ''] = text.split(/\s+/)
  const isWindow = first === 'trailcase' && ['open', 'serve'].includes(second)
  const asksS3 = first === 'trailcase' && second === 'acquire' && !text.includes('--print-commands')
  const kind = elsewhere.has(first) || asksS3 ? 'elsewhere' : isWindow ? 'window' : 'run'
  return { text, code: Number(code ?? 0), kind }
}

/**
 * A script for bash that runs the examples one after the other in one shell, as a reader would, and writes each one's exit code, output and messages to
 * `<n>.code`, `<n>.out` and `<n>.err` in `report`.
 */
export const scriptOf = (examples: readonly Example[], report: string): string =>
  examples
    .map(({ text, kind }, n) => {
      const file = `'${report}/${n}'`
      if (kind === 'elsewhere') return ''
      if (kind === 'run') return `{ ${text}\n} >${file}.out 2>${file}.err; echo $? >${file}.code`
      return [
        `${text} >${file}.out 2>${file}.err &`,
        `for i in $(seq 600); do [ -s ${file}.out ] && break; kill -0 $! || break; sleep 0.1; done`,
        `kill -INT $!; wait $!; echo $? >${file}.code`,
      ].join('\n')
    })
    .join('\n')
