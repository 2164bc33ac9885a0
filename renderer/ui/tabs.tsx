import type { ReactNode } from 'react'
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components'
import css from './tabs.module.css'

export type TabItem = {
  readonly id: string
  readonly label: string
  readonly count?: string
  readonly children: ReactNode
}

export type TabsProps = {
  readonly label: string
  readonly items: readonly TabItem[]
  readonly selected?: string
  readonly onSelect?: (id: string) => void
  /** Stands at the end of the row of tabs. */
  readonly tools?: ReactNode
}

/** Several panels in one place; arrow keys move between their names. Only the shown panel is mounted. */
export function Tabs({ label, items, selected, onSelect, tools }: TabsProps) {
  return (
    <AriaTabs
      className={css['tabs'] ?? ''}
      {...(selected === undefined ? {} : { selectedKey: selected })}
      onSelectionChange={(key) => onSelect?.(String(key))}
    >
      <div className={css['bar']}>
        <TabList aria-label={label} className={css['list'] ?? ''}>
          {items.map((item) => (
            <Tab key={item.id} id={item.id} className={css['tab'] ?? ''}>
              {item.label}
              {item.count !== undefined && <span className={css['count']}>{item.count}</span>}
            </Tab>
          ))}
        </TabList>
        {tools !== undefined && <div className={css['tools']}>{tools}</div>}
      </div>
      {items.map((item) => (
        <TabPanel key={item.id} id={item.id} className={css['panel'] ?? ''}>
          {item.children}
        </TabPanel>
      ))}
    </AriaTabs>
  )
}
