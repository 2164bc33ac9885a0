import { ArrowLeft } from 'lucide-react'
import { counted, grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { EntityPage } from '#shared/contract/explore.ts'
import { bucketOf } from '#shared/domain/entity.ts'
import { bothQueries } from '#shared/domain/query/narrow.ts'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useEventsOf } from '#renderer/client/use-events-of.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { Badge } from '#renderer/ui/badge.tsx'
import { Button, IconButton } from '#renderer/ui/button.tsx'
import { cx } from '#renderer/ui/cx.ts'
import { EmptyState, ErrorState, Skeleton } from '#renderer/ui/states.tsx'
import { useKeyCommands } from '#renderer/ui/use-keys.tsx'
import { durationText, timeText } from '#shared/base/zone.ts'
import { aboutText, kindWords, type About } from './about.ts'
import { EntityActivity } from './entity-activity.tsx'
import { EntityCalls } from './entity-calls.tsx'
import { EntityNews } from './entity-news.tsx'
import { EntityRelated } from './entity-related.tsx'
import { EntityTouched } from './entity-touched.tsx'
import { Lineage } from './lineage.tsx'
import { useZone } from '#renderer/client/use-zone.ts'
import css from './identities.module.css'

/** One identity: when, what, from where, with which credentials, what came of it. Every number leads to its events. */
export function EntityPageView({ about }: { readonly about: About }) {
  const { caseId, importing } = useOpenCase()
  const query = useWorkspace((w) => w.view.query)
  const go = useWorkspace((w) => w.go)
  const ask = useWorkspace((w) => w.ask)
  const asked = useAsk('entities.get', { caseId, query, ...about }, { everyMs: importing ? 5000 : undefined })
  useKeyCommands([
    {
      id: 'identities-back',
      label: 'Back to the lists',
      keys: ['Escape'],
      scope: 'Identities',
      run: () => go('identities'),
    },
  ])
  const { value: page, failure } = asked
  const bucket = about.kind === 'resource' && about.value.startsWith('arn:') ? bucketOf(about.value) : undefined
  const head = (
    <header className={css['head']}>
      <IconButton icon={ArrowLeft} label="Back to the lists" keys="Escape" onPress={() => go('identities')} />
      <Badge>{kindWords[about.kind].one}</Badge>
      <h1 className={css['value']}>{visible(about.value)}</h1>
      {bucket !== undefined && (
        <Button tone="quiet" onPress={() => go('identities', aboutText({ kind: 'bucket', value: bucket }))}>
          {`Bucket ${visible(bucket)}`}
        </Button>
      )}
    </header>
  )
  if (failure && !page)
    return (
      <div className={css['view']}>
        {head}
        <ErrorState
          title="This page cannot be made"
          safe="Nothing in the case was changed."
          advice={failure.message}
          code={failure.code}
          actions={<Button onPress={asked.again}>Try again</Button>}
        />
      </div>
    )
  if (!page)
    return (
      <div className={css['view']}>
        {head}
        <Skeleton lines={10} label="Reading its events" />
      </div>
    )
  const isNarrow =
    query.text.trim() !== '' || query.facets.length > 0 || query.from !== undefined || query.to !== undefined
  if (page.total === 0)
    return (
      <div className={css['view']}>
        {head}
        <EmptyState
          title="No event of the query has this value"
          actions={
            isNarrow ? (
              <Button onPress={() => ask({ text: '', facets: [], from: undefined, to: undefined })}>
                Look in all events
              </Button>
            ) : undefined
          }
        >
          {isNarrow
            ? 'The page follows the search and the range above.'
            : 'It does not stand in this evidence under this name.'}
        </EmptyState>
      </div>
    )
  return (
    <div className={cx(css['view'], asked.isStale && css['stale'])} aria-busy={asked.isStale}>
      {head}
      <Facts page={page} />
      <EntityActivity where={page.where} />
      <div className={css['columns']} tabIndex={0} role="group" aria-label="All about it">
        <div className={css['column']}>
          <EntityCalls page={page} />
          <EntityTouched page={page} />
        </div>
        <div className={css['column']}>
          <EntityRelated page={page} />
        </div>
        <div className={css['column']}>
          {page.lineage.length > 0 && <Lineage page={page} />}
          <EntityNews page={page} about={about} />
        </div>
      </div>
    </div>
  )
}

function Facts({ page }: { readonly page: EntityPage }) {
  const zone = useZone()
  const show = useEventsOf()
  const { total, all, firstMs, lastMs } = page
  const number = (n: number, word: string, where: string, className?: string) =>
    n === 0 ? (
      <span className={css['quiet']}>no {word}</span>
    ) : (
      <button type="button" className={cx(css['link'], className)} onClick={() => show(bothQueries(page.where, where))}>
        {grouped(n)} {word}
      </button>
    )
  return (
    <p className={css['factsLine']}>
      {number(total, total === 1 ? 'event' : 'events', '', css['strong'])}
      <span className={css['quiet']}>of {grouped(all)}</span>
      {number(page.reads, 'reads', 'readOnly:true')}
      {number(page.writes, 'writes', 'readOnly:false')}
      {number(page.denied, 'denied', 'access:denied', css['denied'])}
      {number(page.failed, 'failed otherwise', 'access:failed')}
      {firstMs !== null && lastMs !== null && (
        <span>
          first <time>{timeText(firstMs, zone)}</time>, last <time>{timeText(lastMs, zone)}</time>
          {lastMs > firstMs && <span className={css['quiet']}> ({durationText(lastMs - firstMs)})</span>}
        </span>
      )}
      <span className={css['quiet']}>{counted(page.distinctCalls, 'different call')}</span>
    </p>
  )
}
