import { grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import { timeText } from '#shared/base/zone.ts'
import css from './evidence.module.css'

type Source = OutputOf<'sources.list'>['sources'][number]

type Props = { readonly sources: readonly Source[]; readonly isImporting: boolean }

/** What was handed over, one line each. */
export function SourceTable({ sources, isImporting }: Props) {
  return (
    // Scrolls by itself when there are many sources; focusable, so that keys can scroll it.
    <div className={css['sources']} tabIndex={0} role="region" aria-label="Sources">
      <table>
        <thead>
          <tr>
            <th>Source</th>
            <th>Originals</th>
            <th>Added</th>
            <th>By</th>
            <th className={css['number']}>Files</th>
            <th className={css['number']}>Stored</th>
            <th className={css['number']}>Duplicate</th>
            <th className={css['number']}>Quarantined</th>
            <th className={css['number']}>Ignored</th>
            <th className={css['number']}>Events</th>
          </tr>
        </thead>
        <tbody>
          {sources.map(({ id, path, mode, addedMs, addedBy, finishedMs, entries, records }) => (
            <tr key={id}>
              <td className={css['path']} title={visible(path)}>
                {visible(path)}
                {finishedMs === null && (
                  <span className={css['open']}>{isImporting ? ' being read' : ' not read to its end'}</span>
                )}
              </td>
              <td>{mode === 'copy' ? 'copied' : 'by reference'}</td>
              <td className={css['when']}>{timeText(addedMs - (addedMs % 1000))}</td>
              <td>{visible(addedBy)}</td>
              <td className={css['number']}>{grouped(entries.seen)}</td>
              <td className={css['number']}>{grouped(entries.stored)}</td>
              <td className={css['number']}>{grouped(entries.duplicate)}</td>
              <td className={entries.quarantined > 0 ? css['badNumber'] : css['number']}>
                {grouped(entries.quarantined)}
              </td>
              <td className={css['number']}>{grouped(entries.ignored)}</td>
              <td className={css['number']}>{grouped(records.stored)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
