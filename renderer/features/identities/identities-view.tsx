import { useState } from 'react'
import { entityKinds, type EntityKind } from '#shared/domain/entity.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'
import { Tabs } from '#renderer/ui/tabs.tsx'
import { kindWords, parseAbout } from './about.ts'
import { EntityList } from './entity-list.tsx'
import { EntityPageView } from './entity-page.tsx'
import { Unseen } from '#renderer/ui/unseen.tsx'
import css from './identities.module.css'

/** Who and what acted among the events of the query: lists by kind, and a page for each. */
export function IdentitiesView() {
  const about = parseAbout(useWorkspace((w) => w.view.about))
  const [kind, setKind] = useState<EntityKind>(about?.kind ?? 'principal')
  if (about) return <EntityPageView key={`${about.kind}:${about.value}`} about={about} />
  return (
    <div className={css['view']}>
      <Unseen as="h1">Identities</Unseen>
      <Tabs
        label="Kinds of identity"
        selected={kind}
        onSelect={(id) => setKind(entityKinds.find((one) => one === id) ?? 'principal')}
        items={entityKinds.map((one) => ({ id: one, label: kindWords[one].many, children: <EntityList kind={one} /> }))}
      />
    </div>
  )
}
