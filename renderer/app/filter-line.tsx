import { X } from 'lucide-react'
import { cutMiddle, visible } from '#shared/base/visible.ts'
import { toggleFacet } from '#shared/domain/view-address.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'
import { Button } from '#renderer/ui/button.tsx'
import css from './shell.module.css'

/** What was clicked in facets, beside the typed query: seen in every place, each taken off with a click. */
export function FilterLine() {
  const query = useWorkspace((w) => w.view.query)
  const ask = useWorkspace((w) => w.ask)
  const chips = query.facets.flatMap(({ field, values, exclude }) => values.map((value) => ({ field, value, exclude })))
  if (chips.length === 0) return null
  return (
    <div className={css['filters']} role="group" aria-label="Filters">
      {chips.map(({ field, value, exclude }) => (
        <button
          key={`${field} ${exclude} ${value}`}
          type="button"
          className={css['chip']}
          title={visible(value)}
          aria-label={`Take off the filter ${exclude ? 'not ' : ''}${field} ${visible(value)}`}
          onClick={() => ask({ facets: toggleFacet(query, field, value, exclude).facets })}
        >
          {exclude && <b>not</b>}
          <span className={css['chipField']}>{visible(field)}</span>
          <span>{visible(cutMiddle(value, 48))}</span>
          <X aria-hidden size={12} />
        </button>
      ))}
      <Button tone="quiet" onPress={() => ask({ facets: [] })}>
        Take off all filters
      </Button>
    </div>
  )
}
