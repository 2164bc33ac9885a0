import { Fragment } from 'react'
import { Copy, MousePointerClick } from 'lucide-react'
import { grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { CustodyEntryShown } from '#shared/contract/annotations.ts'
import { IconButton } from '#renderer/ui/button.tsx'
import { EmptyState } from '#renderer/ui/states.tsx'
import { TimeCell } from '#renderer/ui/time-cell.tsx'
import { entryParts } from './entry-parts.ts'
import { useZone } from '#renderer/client/use-zone.ts'
import css from './custody.module.css'

/** Everything that was noted about one act: who, when, what, what it was before and after. */
export function EntryDetails({ entry }: { readonly entry: CustodyEntryShown | undefined }) {
  const zone = useZone()
  if (!entry)
    return (
      <EmptyState icon={MousePointerClick} title="No entry is chosen">
        Choose one in the list to see everything that was noted.
      </EmptyState>
    )
  const { changes, rest } = entryParts(entry.body)
  return (
    <div className={css['details']} tabIndex={0} role="region" aria-label="Entry">
      <h2>
        {grouped(entry.seq)} {visible(entry.action)}
      </h2>
      <dl>
        <dt>Who</dt>
        <dd>{visible(entry.examiner)}</dd>
        <dt>When</dt>
        <dd>
          <TimeCell utc={entry.timeMs} zone={zone} />
        </dd>
        {rest.map(({ name, value }) => (
          <Fragment key={name}>
            <dt>{visible(name)}</dt>
            <dd>
              <pre>{lines(value)}</pre>
            </dd>
          </Fragment>
        ))}
      </dl>
      {changes.length > 0 && (
        <table className={css['changes']}>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Before</th>
              <th scope="col">After</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(({ field, before, after }) => (
              <tr key={field}>
                <th scope="row">{visible(field)}</th>
                <Side value={before} />
                <Side value={after} />
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <dl>
        <dt>Hash of this entry, over the one before</dt>
        <dd className={css['hash']}>
          <code>{entry.hash}</code>
          <IconButton
            size="small"
            icon={Copy}
            label="Copy the hash"
            onPress={() => void navigator.clipboard.writeText(entry.hash)}
          />
        </dd>
      </dl>
    </div>
  )
}

const Side = ({ value }: { readonly value: string | null }) => (
  <td>{value === null ? <span className={css['quiet']}>nothing</span> : <pre>{lines(value)}</pre>}</td>
)

/** Line breaks stay; whatever else hides is shown. */
const lines = (text: string): string => text.split('\n').map(visible).join('\n')
