import { useState } from 'react'
import { grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { EntityPage } from '#shared/contract/explore.ts'
import { bothQueries, isExactly } from '#shared/domain/query/narrow.ts'
import { useEventsOf } from '#renderer/client/use-events-of.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'
import { Segments } from '#renderer/ui/button.tsx'
import { ValueBars } from '#renderer/ui/value-bars.tsx'
import css from './identities.module.css'

type Verb = EntityPage['touched'][number]['verb']
const VERBS: readonly Verb[] = ['created', 'changed', 'deleted', 'read']
const MOST = 40

/** What it created, changed, deleted and read: the first resource that each call names. */
export function EntityTouched({ page }: { readonly page: EntityPage }) {
  const by = (verb: Verb) => page.touched.filter((touch) => touch.verb === verb)
  const [verb, setVerb] = useState<Verb>(VERBS.find((one) => by(one).length > 0) ?? 'changed')
  const show = useEventsOf()
  const go = useWorkspace((w) => w.go)
  if (page.touched.length === 0) return null
  const shown = by(verb)
  return (
    <section className={css['section']}>
      <h2 className={css['heading']}>
        Resources{' '}
        <span className={css['quiet']}>
          {grouped(Math.min(MOST, shown.length))} of {grouped(shown.length)} {verb}
          {page.touched.length < page.distinctTouched &&
            `, among the ${grouped(page.touched.length)} most frequent of ${grouped(page.distinctTouched)}`}
        </span>
      </h2>
      <Segments
        label="What was done"
        value={verb}
        onChange={setVerb}
        options={VERBS.map((one) => ({ id: one, label: `${one} ${grouped(by(one).length)}` }))}
      />
      {shown.length === 0 ? (
        <p className={css['note']}>Nothing {verb}, as far as calls that name a resource tell.</p>
      ) : (
        <ValueBars
          label={`Resources ${verb}`}
          mono
          cut={42}
          items={shown.slice(0, MOST).map((touch) => ({
            id: `${touch.name} ${touch.resource}`,
            label: touch.resource,
            count: touch.count,
            refused: touch.denied,
            detail: visible(touch.name),
            onPress: () =>
              show(
                [page.where, isExactly('eventName', touch.name), isExactly('resource', touch.resource)].reduce(
                  bothQueries,
                ),
              ),
            onOpen: () => go('identities', `resource:${touch.resource}`),
          }))}
        />
      )}
    </section>
  )
}
