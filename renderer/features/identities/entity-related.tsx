import { grouped } from '#shared/base/count.ts'
import type { EntityPage } from '#shared/contract/explore.ts'
import { entityKindOf } from '#shared/domain/entity.ts'
import { bothQueries, isExactly } from '#shared/domain/query/narrow.ts'
import { useEventsOf } from '#renderer/client/use-events-of.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'
import { ValueBars } from '#renderer/ui/value-bars.tsx'
import { aboutText } from './about.ts'
import css from './identities.module.css'

const names: Readonly<Record<string, string>> = {
  principal: 'Principals',
  'userIdentity.sessionContext.sessionIssuer.arn': 'Roles',
  'userIdentity.accessKeyId': 'Access keys',
  sourceIPAddress: 'Addresses',
  userAgent: 'User agents',
  awsRegion: 'Regions',
  account: 'Accounts',
  errorCode: 'Errors',
}
const FIRST = 6
/** Ids and addresses are read letter by letter. */
const MONO: ReadonlySet<string> = new Set([
  'principal',
  'userIdentity.sessionContext.sessionIssuer.arn',
  'userIdentity.accessKeyId',
  'sourceIPAddress',
  'account',
])

function openingOf(field: string, value: string, go: ReturnType<typeof useWorkspace.getState>['go']) {
  const kind = entityKindOf(field, value)
  return kind === undefined ? {} : { onOpen: () => go('identities', aboutText({ kind, value })) }
}

/** With what it came: principals, keys, addresses, agents, regions, accounts, errors. */
export function EntityRelated({ page }: { readonly page: EntityPage }) {
  const show = useEventsOf()
  const go = useWorkspace((w) => w.go)
  return (
    <>
      {page.related
        .filter((field) => field.distinct > 0)
        .map((field) => {
          const shown = field.values.slice(0, FIRST)
          return (
            <section key={field.field} className={css['section']}>
              <h2 className={css['heading']}>
                {names[field.field] ?? field.field}{' '}
                <span className={css['quiet']}>
                  {shown.length < field.distinct
                    ? `${grouped(shown.length)} of ${grouped(field.distinct)}`
                    : grouped(field.distinct)}
                </span>
              </h2>
              <ValueBars
                label={names[field.field] ?? field.field}
                mono={MONO.has(field.field)}
                cut={40}
                items={shown.map((value) => ({
                  ...openingOf(field.field, value.value, go),
                  id: value.value,
                  label: value.value,
                  count: value.count,
                  refused: value.denied,
                  onPress: () => show(bothQueries(page.where, isExactly(field.field, value.value))),
                }))}
              />
            </section>
          )
        })}
    </>
  )
}
