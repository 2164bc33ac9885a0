import { useState } from 'react'
import { Pencil, Play, Trash2 } from 'lucide-react'
import { counted } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { Saved } from '#renderer/client/saved-searches.ts'
import { SearchField } from '#renderer/ui/text-field.tsx'
import { IconButton } from '#renderer/ui/button.tsx'
import { Tabs } from '#renderer/ui/tabs.tsx'
import { timeText } from '#shared/base/zone.ts'
import { readyMade } from './ready-made.ts'
import type { Views } from './sql-editor.tsx'
import { rowsWord } from './sql-result.tsx'
import type { Run } from './sql-history.ts'
import css from './sql.module.css'

/** A statement that was saved in the case. */
export type SavedSql = Saved & { readonly target: { readonly kind: 'sql'; readonly sql: string } }

export type SqlListsProps = {
  readonly history: readonly Run[]
  readonly saved: readonly SavedSql[]
  readonly isReadOnly: boolean
  readonly views: Views
  /** Puts a statement into the editor, and runs it. */
  readonly onTake: (sql: string, runs: boolean) => void
  readonly onRename: (saved: SavedSql) => void
  readonly onRemove: (saved: SavedSql) => void
}

/** Where statements come from: ready-made, saved in the case, run before; and what can be asked. */
export function SqlLists(props: SqlListsProps) {
  const [tab, setTab] = useState('ready')
  return (
    <Tabs
      label="Statements"
      selected={tab}
      onSelect={setTab}
      items={[
        { id: 'ready', label: 'Ready', children: <Ready onTake={props.onTake} /> },
        { id: 'saved', label: 'Saved', count: String(props.saved.length), children: <SavedStatements {...props} /> },
        { id: 'history', label: 'History', children: <Before {...props} /> },
        { id: 'columns', label: 'Columns', children: <Columns views={props.views} /> },
      ]}
    />
  )
}

const groups = [...new Set(readyMade.map((one) => one.group))]

function Ready({ onTake }: Pick<SqlListsProps, 'onTake'>) {
  return (
    <div className={css['lists']}>
      {groups.map((group) => (
        <section key={group}>
          <h2 className={css['group']}>{group}</h2>
          <ul>
            {readyMade
              .filter((one) => one.group === group)
              .map((one) => (
                <li key={one.id}>
                  <button type="button" className={css['item']} onClick={() => onTake(one.sql, true)}>
                    {one.title}
                  </button>
                </li>
              ))}
          </ul>
        </section>
      ))}
      <p className={css['note']}>
        {counted(readyMade.length, 'statement')}. A press puts one into the editor and runs it.
      </p>
    </div>
  )
}

function SavedStatements({ saved, isReadOnly, onTake, onRename, onRemove }: SqlListsProps) {
  const [wanted, setWanted] = useState('')
  if (saved.length === 0)
    return (
      <p className={css['note']}>
        Nothing saved in this case yet. Save keeps the statement in the editor under a name; it goes with the case.
      </p>
    )
  const needle = wanted.trim().toLowerCase()
  const shown = saved.filter(({ name, target }) => `${name} ${target.sql}`.toLowerCase().includes(needle))
  return (
    <div className={css['lists']}>
      <div className={css['find']}>
        <SearchField label="Find a saved statement" value={wanted} onChange={setWanted} />
      </div>
      <ul>
        {shown.map((one) => {
          const name = visible(one.name)
          const { sql } = one.target
          return (
            <li key={one.id} className={css['savedRow']}>
              <button type="button" className={css['item']} onClick={() => onTake(sql, false)} title={visible(sql)}>
                {name}
              </button>
              <IconButton size="small" icon={Play} label={`Run ${name}`} onPress={() => onTake(sql, true)} />
              <IconButton
                size="small"
                icon={Pencil}
                label={`Rename ${name}`}
                onPress={() => onRename(one)}
                isDisabled={isReadOnly}
              />
              <IconButton
                size="small"
                icon={Trash2}
                label={`Remove ${name}`}
                onPress={() => onRemove(one)}
                isDisabled={isReadOnly}
              />
            </li>
          )
        })}
      </ul>
      <p className={css['note']}>
        {shown.length} of {counted(saved.length, 'statement')}. They go with the case and its packages.
      </p>
    </div>
  )
}

function Before({ history, onTake }: SqlListsProps) {
  if (history.length === 0)
    return <p className={css['note']}>What you run stands here afterwards, kept on this machine only.</p>
  return (
    <ul className={css['lists']}>
      {history.map((one) => (
        <li key={one.sql}>
          <button type="button" className={css['item']} onClick={() => onTake(one.sql, false)} title={visible(one.sql)}>
            <span className={css['one']}>{visible(one.sql.replaceAll(/\s+/g, ' '))}</span>
            <span className={css['quiet']}>
              {timeText(one.atMs)} · {rowsWord(one.rows)}
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}

function Columns({ views }: { readonly views: Views }) {
  return (
    <div className={css['lists']}>
      {views.map((view) => (
        <section key={view.name}>
          <h2 className={css['group']}>{view.name}</h2>
          <p className={css['columnNames']}>{view.columns.join(', ')}</p>
        </section>
      ))}
      <p className={css['note']}>
        JSON columns (requestParameters, responseElements, …) are read with column -&gt;&gt; '$.path'. Times are texts
        in UTC; _timeMs is the same as a number.
      </p>
    </div>
  )
}
