import { useState } from 'react'
import { grouped } from '#shared/base/count.ts'
import type { FieldCounts, Overview, ValueCount } from '#shared/contract/explore.ts'
import type { EntityKind } from '#shared/domain/entity.ts'
import { isExactly } from '#shared/domain/query/narrow.ts'
import { useEventsOf } from '#renderer/client/use-events-of.ts'
import { useZone } from '#renderer/client/use-zone.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'
import { Tabs } from '#renderer/ui/tabs.tsx'
import { ValueBars } from '#renderer/ui/value-bars.tsx'
import { timeText } from '#shared/base/zone.ts'
import { Unseen } from '#renderer/ui/unseen.tsx'
import css from './overview.module.css'

const TABS: readonly {
  readonly field: string
  readonly label: string
  readonly kind?: EntityKind
  readonly mono?: boolean
}[] = [
  { field: 'principal', label: 'Who', kind: 'principal', mono: true },
  { field: 'sourceIPAddress', label: 'From', kind: 'address', mono: true },
  { field: 'eventSource', label: 'Service' },
  { field: 'eventName', label: 'Call' },
  { field: 'errorCode', label: 'Error' },
  { field: 'resource', label: 'Changed', kind: 'resource', mono: true },
]

/** The most frequent values, and below them what is new: regions and principals by their first event. */
export function Tops({ overview }: { readonly overview: Overview }) {
  const [tab, setTab] = useState('principal')
  return (
    <section className={css['panel']} aria-labelledby="tops">
      <Unseen as="h2" id="tops">
        Most frequent and new
      </Unseen>
      <div className={css['scroll']} tabIndex={0} role="group" aria-label="Most frequent and new">
        <div className={css['tabs']}>
          <Tabs
            label="Most frequent values"
            selected={tab}
            onSelect={setTab}
            items={TABS.map(({ field, label, kind, mono }) => ({
              id: field,
              label,
              children: (
                <Top
                  counts={field === 'resource' ? overview.changed : overview.tops.find((top) => top.field === field)}
                  kind={kind}
                  mono={mono ?? false}
                />
              ),
            }))}
          />
        </div>
        <h3 className={css['group']}>
          Principals seen first most recently <span className={css['quiet']}>4 at most</span>
        </h3>
        <Values values={overview.newcomers.slice(0, 4)} field="principal" kind="principal" mono first />
        <h3 className={css['group']}>
          Regions by first use <span className={css['quiet']}>{overview.regions.length}</span>
        </h3>
        <Values values={overview.regions} field="awsRegion" first />
      </div>
    </section>
  )
}

function Top({
  counts,
  kind,
  mono,
}: {
  readonly counts: FieldCounts | undefined
  readonly kind: EntityKind | undefined
  readonly mono: boolean
}) {
  if (!counts || counts.values.length === 0) return <p className={css['note']}>No event has a value here.</p>
  return (
    <>
      <Values
        values={counts.values}
        field={counts.field}
        kind={kind}
        mono={mono}
        {...(counts.field === 'resource' && { condition: 'readOnly:false access:ok' })}
      />
      <p className={css['note']}>
        {grouped(counts.values.length)} of {grouped(counts.distinct)}
        {counts.absent > 0 && `, ${grouped(counts.absent)} events without`}
      </p>
    </>
  )
}

type ValuesProps = {
  readonly values: readonly ValueCount[]
  readonly field: string
  readonly kind?: EntityKind | undefined
  readonly mono?: boolean
  /** Shows when each was first seen. */
  readonly first?: boolean
  /** A further condition of these counts. */
  readonly condition?: string
}

function Values({ values, field, kind, mono = false, first = false, condition }: ValuesProps) {
  const show = useEventsOf()
  const go = useWorkspace((w) => w.go)
  const zone = useZone()
  if (values.length === 0) return <p className={css['note']}>None.</p>
  return (
    <ValueBars
      label={field}
      mono={mono}
      cut={first ? 34 : 46}
      items={values.map((value) => ({
        id: value.value,
        label: value.value,
        count: value.count,
        refused: value.denied,
        ...(first && value.firstMs !== null && { detail: timeText(value.firstMs, zone) }),
        onPress: () =>
          show(
            condition === undefined ? isExactly(field, value.value) : `${condition} ${isExactly(field, value.value)}`,
          ),
        ...(kind && { onOpen: () => go('identities', `${kind}:${value.value}`) }),
      }))}
    />
  )
}
