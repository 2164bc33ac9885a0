import { useState } from 'react'
import { counted, grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { NamedIndicator } from '#shared/domain/export.ts'
import { exportFormats } from '#shared/domain/export-formats.ts'
import { utcRangeWords, queryWords } from '#shared/domain/query/query-words.ts'
import { everything, type EventQuery } from '#shared/domain/query/query.ts'
import { useSavedSearches } from '#renderer/client/saved-searches.ts'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { Select } from '#renderer/ui/select.tsx'
import { IndicatorPicker } from './indicator-picker.tsx'
import { formatsOfEvents, holdsIndicators, type Format } from './use-export.ts'
import { readText, useRemembered } from './remembered.ts'
import css from './events.module.css'

export type ExportDialogProps = {
  readonly onClose: () => void
  readonly onWrite: (query: EventQuery, format: Format, indicators: readonly NamedIndicator[]) => void
}

const readFormat = (value: unknown): Format | undefined => formatsOfEvents.find((id) => id === readText(value))

/** Which events, in which shape, and the statement of selection that goes with them: what is in it and what is not. */
export function ExportDialog({ onClose, onWrite }: ExportDialogProps) {
  const { caseId, header, examiner } = useOpenCase()
  const shown = useWorkspace((w) => w.view.query)
  const saved = (useSavedSearches().list ?? []).filter(({ target }) => target.kind === 'view')
  const [which, setWhich] = useState('shown')
  const [chosen, setChosen] = useState<readonly NamedIndicator[]>([])
  const [format, setFormat] = useRemembered<Format>('format', 'xlsx', readFormat)
  const query = which === 'shown' ? shown : (saved.find(({ id }) => id === which)?.query ?? everything)
  const found = useAsk('events.find', { caseId, query, offset: 0, limit: 0, fields: [] })
  const { limits, ending } = exportFormats[format]
  const asksForIndicators = holdsIndicators(format)
  // A MISP event holds indicators and nothing else; STIX has the bookmarked events too.
  const isEmpty = found.value?.total === 0 || (format === 'misp' && chosen.length === 0)
  const write = (): void => {
    onWrite(query, format, asksForIndicators ? chosen : [])
    onClose()
  }
  return (
    <Dialog
      title="Export events"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button tone="primary" onPress={write} isDisabled={isEmpty}>
            Choose where
          </Button>
        </>
      }
    >
      <div className={css['export']}>
        <Select
          label="Events"
          value={which}
          onChange={(id) => {
            setWhich(id)
            setChosen([])
          }}
          options={[
            { id: 'shown', label: 'Of the search that is shown' },
            ...saved.map(({ id, name }) => ({ id, label: `Saved: ${visible(name)}` })),
            { id: 'all', label: 'All events of the case' },
          ]}
        />
        <Select
          label="Shape"
          value={format}
          onChange={setFormat}
          options={formatsOfEvents.map((id) => ({
            id,
            label: exportFormats[id].name,
            detail: exportFormats[id].ending || 'folder',
          }))}
        />
        {asksForIndicators && <IndicatorPicker query={query} chosen={chosen} onChange={setChosen} />}
        <h3>Statement of selection</h3>
        <dl className={css['headFacts']}>
          <dt>events</dt>
          <dd>
            {found.value
              ? `${grouped(found.value.total)} of ${counted(found.value.all, 'event')}`
              : (found.failure?.message ?? 'Counting')}
          </dd>
          <dt>search</dt>
          <dd>{queryWords({ ...query, from: undefined, to: undefined }) || 'all events'}</dd>
          <dt>range</dt>
          <dd>{utcRangeWords(query.from, query.to) || 'all times'}</dd>
          <dt>order</dt>
          <dd>{query.sort === 'eventTime' ? 'oldest first' : 'newest first'}</dd>
          <dt>marking</dt>
          <dd>{visible(header.tlp)}</dd>
          <dt>made by</dt>
          <dd>{visible(examiner?.name ?? 'nobody has said who works on the case')}</dd>
        </dl>
        <p className={css['quiet']}>
          It is written beside the {ending === '' ? 'folder' : 'file'}, with the hash of each file; the export stands in
          the custody log. An event that is not listed may still have happened.
        </p>
        <ul className={css['limits']}>
          {limits.map((limit) => (
            <li key={limit}>{limit}</li>
          ))}
        </ul>
      </div>
    </Dialog>
  )
}
