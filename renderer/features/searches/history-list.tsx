import { useMemo, useState } from 'react'
import { CornerDownRight, GitCompareArrows, MapPin, Save } from 'lucide-react'
import { grouped } from '#shared/base/count.ts'
import { cutMiddle } from '#shared/base/visible.ts'
import { timeText } from '#shared/base/zone.ts'
import { comparisonAbout } from '#shared/domain/comparison.ts'
import type { View } from '#shared/domain/view-address.ts'
import { placeName, viewQuestion, viewSubject } from '#shared/domain/view-words.ts'
import { historyLines, KEPT_STEPS } from '#renderer/client/history-tree.ts'
import { useZone } from '#renderer/client/use-zone.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'
import { cx } from '#renderer/ui/cx.ts'
import { IconButton } from '#renderer/ui/button.tsx'
import { EmptyState } from '#renderer/ui/states.tsx'
import { SearchField } from '#renderer/ui/text-field.tsx'
import { useOpened } from './opened.ts'
import { RowList, type Row } from './row-list.tsx'
import css from './searches.module.css'

const wordsOf = (view: View): string => {
  const subject = viewSubject(view)
  return subject === '' ? viewQuestion(view) : `${cutMiddle(subject, 80)} · ${viewQuestion(view)}`
}

/** What was looked at, as a tree: what was left by going back and looking at something else stands indented. */
export function HistoryList({ onDone }: { readonly onDone: () => void }) {
  const history = useWorkspace((w) => w.history)
  const { walkTo, look } = useWorkspace.getState()
  const open = useOpened((o) => o.open)
  const zone = useZone()
  const [wanted, setWanted] = useState('')
  const lines = useMemo(() => historyLines(history), [history])
  const needle = wanted.trim().toLowerCase()
  const shown = lines.filter(({ node }) =>
    `${placeName(node.view.place)} ${wordsOf(node.view)}`.toLowerCase().includes(needle),
  )
  const rows = shown.map(({ node, depth, isCurrent, isOnWay }): Row => {
    const { view } = node
    const words = wordsOf(view)
    return {
      id: String(node.id),
      isCurrent,
      depth: needle === '' ? depth : 0,
      onOpen: () => {
        walkTo(node.id)
        onDone()
      },
      children: (
        <>
          {isCurrent ? (
            <MapPin aria-label="You are here" size={14} className={css['here']} />
          ) : (
            <CornerDownRight aria-hidden size={14} className={css['icon']} />
          )}
          <span className={cx(css['step'], isOnWay && css['onWay'])} title={words}>
            <b>{placeName(view.place)}</b> {words}
          </span>
          <span className={css['meta']}>{timeText(Math.floor(node.atMs / 1000) * 1000, zone)}</span>
        </>
      ),
      tools: (
        <>
          {!isCurrent && (
            <IconButton
              size="small"
              icon={GitCompareArrows}
              label={`Compare what is shown with ${cutMiddle(words, 60)}`}
              onPress={() => {
                look({ place: 'events', about: comparisonAbout(view.query) })
                onDone()
              }}
            />
          )}
          <IconButton
            size="small"
            icon={Save}
            label={`Save ${cutMiddle(words, 60)}`}
            onPress={() => open({ kind: 'save', view })}
          />
        </>
      ),
    }
  })
  return (
    <div className={css['panel']}>
      <div className={css['bar']}>
        <SearchField label="Find in the history" value={wanted} onChange={setWanted} autoFocus />
        <span className={css['quiet']} role="status">
          {grouped(shown.length)} of {grouped(lines.length)}, the oldest first
        </span>
      </div>
      {rows.length === 0 ? (
        <EmptyState title="No step has this in its words">None of {grouped(lines.length)} matches.</EmptyState>
      ) : (
        <RowList label="History" rows={rows} />
      )}
      <p className={css['quiet']}>
        Kept on this machine, by case, the last {grouped(KEPT_STEPS)} steps. It is no part of the case: what should stay
        is saved.
      </p>
    </div>
  )
}
