import { useState } from 'react'
import { Trash2 } from 'lucide-react'
import { counted } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import { IconButton } from '#renderer/ui/button.tsx'
import { Tabs } from '#renderer/ui/tabs.tsx'
import { timeText } from '#shared/base/zone.ts'
import { readyMade } from './ready-made.ts'
import type { Views } from './sql-editor.tsx'
import { rowsWord } from './sql-result.tsx'
import type { Run } from './sql-history.ts'
import type { SavedSql } from './use-saved.ts'
import css from './sql.module.css'

export type SqlListsProps = {
  readonly history: readonly Run[]
  readonly saved: readonly SavedSql[]
  readonly views: Views
  /** Puts a statement into the editor, and runs it. */
  readonly onTake: (sql: string, runs: boolean) => void
  readonly onRemove: (id: string) => void
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
        { id: 'saved', label: 'Saved', count: String(props.saved.length), children: <Saved {...props} /> },
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

function Saved({ saved, onTake, onRemove }: SqlListsProps) {
  if (saved.length === 0)
    return (
      <p className={css['note']}>
        Nothing saved in this case yet. Save keeps the statement in the editor under a name; it goes with the case.
      </p>
    )
  return (
    <ul className={css['lists']}>
      {saved.map((one) => (
        <li key={one.id} className={css['savedRow']}>
          <button type="button" className={css['item']} onClick={() => onTake(one.sql, false)} title={visible(one.sql)}>
            {visible(one.name)}
          </button>
          <IconButton
            size="small"
            icon={Trash2}
            label={`Remove ${visible(one.name)}`}
            onPress={() => onRemove(one.id)}
          />
        </li>
      ))}
    </ul>
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
