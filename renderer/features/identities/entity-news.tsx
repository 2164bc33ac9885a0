import { useState } from 'react'
import { grouped } from '#shared/base/count.ts'
import { cutMiddle, visible } from '#shared/base/visible.ts'
import type { EntityPage } from '#shared/contract/explore.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'
import { Badge } from '#renderer/ui/badge.tsx'
import { Button, Segments } from '#renderer/ui/button.tsx'
import { timeText } from '#shared/base/zone.ts'
import { kindWords, type About } from './about.ts'
import { useZone } from '#renderer/client/use-zone.ts'
import css from './identities.module.css'

type What = 'all' | 'case'
const FIRST = 30
const words = { call: 'call', region: 'region', address: 'address', agent: 'agent', principal: 'principal' } as const

/** What it did or came with for the first time, in the order of time; and what nobody in the case had before. */
export function EntityNews({ page, about }: { readonly page: EntityPage; readonly about: About }) {
  const [what, setWhat] = useState<What>('all')
  const [whole, setWhole] = useState(false)
  const zone = useZone()
  const look = useWorkspace((w) => w.look)
  const wanted = page.news.filter((item) => what === 'all' || item.inCase)
  const shown = whole ? wanted : wanted.slice(0, FIRST)
  return (
    <section className={css['section']}>
      <h2 className={css['heading']}>
        First times{' '}
        <span className={css['quiet']}>
          {grouped(shown.length)} of {grouped(what === 'all' ? page.newsTotal : wanted.length)}
        </span>
      </h2>
      <Segments
        label="Whose first time"
        value={what}
        onChange={setWhat}
        options={[
          { id: 'all', label: `of this ${kindWords[about.kind].one.toLowerCase()}` },
          { id: 'case', label: 'of the whole case' },
        ]}
      />
      <ol className={css['news']}>
        {shown.map((item) => (
          <li key={`${item.what} ${item.value}`}>
            <button
              type="button"
              className={css['newsRow']}
              onClick={() =>
                look({ place: 'events', event: item.event, query: { text: page.where, facets: [], sort: 'eventTime' } })
              }
              title={visible(item.value)}
            >
              <time>{item.atMs === null ? 'no time' : timeText(item.atMs, zone)}</time>
              <span className={css['quiet']}>{words[item.what]}</span>
              <span className={css['newsValue']}>{cutMiddle(visible(item.value), 60)}</span>
              {item.inCase && <Badge tone="accent">new to the case</Badge>}
            </button>
          </li>
        ))}
      </ol>
      {wanted.length > FIRST && (
        <Button tone="quiet" onPress={() => setWhole(!whole)}>
          {whole ? 'Fewer' : `All ${grouped(wanted.length)}`}
        </Button>
      )}
    </section>
  )
}
