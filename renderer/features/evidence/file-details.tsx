import { Fragment, type ReactNode } from 'react'
import { MousePointerClick } from 'lucide-react'
import { bytes, grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { EvidenceFile } from '#shared/contract/sources.ts'
import { proofAddress } from '#renderer/client/proof-address.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'
import { Button } from '#renderer/ui/button.tsx'
import { Mark } from '#renderer/ui/mark.tsx'
import { EmptyState } from '#renderer/ui/states.tsx'
import { TimeCell } from '#renderer/ui/time-cell.tsx'
import { kindWord, outcomeWords, verdictWords } from './words.ts'
import css from './evidence.module.css'

/** Everything that is known of one file. */
export function FileDetails({ file }: { readonly file: EvidenceFile | undefined }) {
  const go = useWorkspace((w) => w.go)
  if (!file)
    return (
      <EmptyState icon={MousePointerClick} title="No file is chosen">
        Choose one in the list to see what is known of it.
      </EmptyState>
    )
  return (
    <div className={css['details']} tabIndex={0} role="region" aria-label="File">
      <h2 className={css['fileName']}>{visible(lastName(file.path))}</h2>
      {file.verdict?.startsWith('LOG_') === true && (
        <Button onPress={() => go('evidence', proofAddress({ entry: file.id }))}>Proof card</Button>
      )}
      <dl>
        {facts(file).map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
      </dl>
    </div>
  )
}

type Fact = readonly [name: string, value: ReactNode]

function facts(file: EvidenceFile): readonly Fact[] {
  const outcome = outcomeWords[file.outcome]
  const verdict = verdictWords(file.verdict)
  const { read, stored, duplicate, conflict, rejected } = file.records
  const hash = (name: string, value: string | null): readonly Fact[] =>
    value === null ? [] : [[name, <code className={css['hash']}>{value}</code>]]
  return [
    [
      'Outcome',
      <>
        <b className={css[file.outcome]}>{outcome.says}</b>
        <p className={css['hint']}>{file.reason === null ? outcome.means : visible(file.reason)}</p>
      </>,
    ],
    ...(verdict
      ? [
          [
            'Digests say',
            <>
              <Mark kind={verdict.mark} word={verdict.says} />
              <p className={css['hint']}>{verdict.means}</p>
            </>,
          ] as const,
        ]
      : []),
    ['Kind', kindWord(file.kind)],
    ['Path', <code className={css['hash']}>{visible(file.path)}</code>],
    ['Source', <code className={css['hash']}>{visible(file.source)}</code>],
    [
      'Records',
      `${grouped(read)} read = ${grouped(stored)} stored + ${grouped(duplicate)} duplicate + ${grouped(conflict)} in conflict + ${grouped(rejected)} rejected`,
    ],
    ...(file.firstEventMs === null ? [] : [['First event', <TimeCell utc={file.firstEventMs} />] as const]),
    ...(file.lastEventMs === null ? [] : [['Last event', <TimeCell utc={file.lastEventMs} />] as const]),
    ['Size', `${bytes(file.size)} (${grouped(file.size)} bytes)`],
    ...(file.inflatedSize === null
      ? []
      : [['Inflated', `${bytes(file.inflatedSize)} (${grouped(file.inflatedSize)} bytes)`] as const]),
    ...hash('SHA-256', file.sha256),
    ...(file.inflatedSha256 === file.sha256 ? [] : hash('SHA-256, inflated', file.inflatedSha256)),
    ...(file.notes.length === 0
      ? []
      : [
          [
            'Notes',
            <ul>
              {file.notes.map((note, n) => (
                <li key={n}>{visible(note)}</li>
              ))}
            </ul>,
          ] as const,
        ]),
  ]
}

const lastName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
