import { useEffect, useRef } from 'react'
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  type Completion,
  type CompletionContext,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { sql, SQLite } from '@codemirror/lang-sql'
import { bracketMatching, defaultHighlightStyle, HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorState, Prec } from '@codemirror/state'
import { drawSelection, EditorView, keymap, lineNumbers, placeholder } from '@codemirror/view'
import css from './sql.module.css'

export type Views = readonly { readonly name: string; readonly columns: readonly string[] }[]

export type SqlEditorProps = {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly onRun: () => void
  readonly views: Views
}

const functions: readonly (readonly [name: string, help: string])[] = [
  ['json_extract', "(json, '$.path'): a value inside JSON; short: json ->> '$.path'"],
  ['json_each', "(json, '$.list'): one row per member, with key and value"],
  ['json_tree', '(json): one row per value at any depth'],
  ['json_type', "(json, '$.path'): its type"],
  ['json_array_length', "(json, '$.list'): how many members"],
  ['json_valid', '(text): 1 for well-formed JSON'],
  ['group_concat', '(value): all values of a group as one text'],
  ['strftime', "('%Y-%m-%d %H', _timeMs / 1000, 'unixepoch'): time as text"],
  ['substr', '(text, from, length)'],
  ['instr', '(text, part): where the part stands, or 0'],
  ['coalesce', '(a, b): the first that is not null'],
  ['count', '(*)'],
  ['min', '(value)'],
  ['max', '(value)'],
  ['sum', '(value)'],
  ['lower', '(text)'],
  ['row_number', '() over (partition by … order by …)'],
  ['lag', '(value) over (order by …): the value of the row before'],
]

const functionOptions: readonly Completion[] = functions.map(([label, detail]) => ({
  label,
  detail,
  type: 'function',
  apply: `${label}(`,
}))

function completeFunction(context: CompletionContext) {
  const word = context.matchBefore(/\w+/)
  return word && (context.explicit || word.to - word.from > 1)
    ? { from: word.from, options: functionOptions as Completion[] }
    : null
}

const classes: Readonly<Record<string, string | undefined>> = {
  keyword: css['keyword'],
  string: css['string'],
  literal: css['literal'],
  bool: css['literal'],
  comment: css['comment'],
}

/** CodeMirror's own style tells its tags apart; the colours are ours, so that dark and light and contrast hold. */
const colours = HighlightStyle.define(
  defaultHighlightStyle.specs.flatMap(({ tag }) =>
    [tag].flat().flatMap((one) => {
      const name = classes[String(one)]
      return name === undefined ? [] : [{ tag: one, class: name }]
    }),
  ),
)

/** The nonce under which this page may add styles; the host puts it into the head. */
const nonce = (): string => document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''

/** An editor for one statement. Mod+Enter runs it; Escape then Tab leaves it. */
export function SqlEditor({ value, onChange, onRun, views }: SqlEditorProps) {
  const place = useRef<HTMLDivElement>(null)
  const editor = useRef<EditorView | null>(null)
  const latest = useRef({ onChange, onRun, value })
  useEffect(() => {
    latest.current = { onChange, onRun, value }
  })
  useEffect(() => {
    if (!place.current) return
    const language = sql({
      dialect: SQLite,
      schema: Object.fromEntries(views.map((view) => [view.name, [...view.columns]])),
    })
    const view = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          EditorView.cspNonce.of(nonce()),
          Prec.highest(
            keymap.of([
              {
                key: 'Mod-Enter',
                run: () => {
                  latest.current.onRun()
                  return true
                },
              },
            ]),
          ),
          lineNumbers(),
          history(),
          drawSelection(),
          bracketMatching(),
          closeBrackets(),
          autocompletion({ icons: false }),
          language,
          // Columns are completed without naming their view first.
          SQLite.language.data.of({ autocomplete: columnSource(views) }),
          SQLite.language.data.of({ autocomplete: completeFunction }),
          syntaxHighlighting(colours),
          placeholder('select eventName, count(*) from events group by 1'),
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, indentWithTab, ...defaultKeymap]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': 'SQL statement', spellcheck: 'false' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString())
          }),
        ],
      }),
    })
    editor.current = view
    return () => {
      editor.current = null
      view.destroy()
    }
  }, [views])
  useEffect(() => {
    const view = editor.current
    if (view && view.state.doc.toString() !== value)
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } })
  }, [value])
  return <div ref={place} className={css['editor']} />
}

function columnSource(views: Views) {
  const options: Completion[] = [...new Set(views.flatMap((view) => view.columns))].map((label) => ({
    label,
    type: 'property',
  }))
  return (context: CompletionContext) => {
    const word = context.matchBefore(/[\w.]+/)
    return word && !word.text.includes('.') ? { from: word.from, options } : null
  }
}
