import type { ComponentType } from 'react'
import {
  Activity,
  BookOpen,
  CircleHelp,
  Database,
  Fingerprint,
  LayoutDashboard,
  Rows3,
  ScrollText,
  ShieldCheck,
  type LucideIcon,
} from 'lucide-react'
import { ensure } from '#shared/base/assert.ts'
import type { Place } from '#shared/domain/view-address.ts'
import { CustodyView } from '#renderer/features/custody/custody-view.tsx'
import { EventsView } from '#renderer/features/events/events-view.tsx'
import { HelpView } from '#renderer/features/help/help-view.tsx'
import { IdentitiesView } from '#renderer/features/identities/identities-view.tsx'
import { OverviewView } from '#renderer/features/overview/overview-view.tsx'
import { SqlView } from '#renderer/features/sql/sql-view.tsx'
import { StoryView } from '#renderer/features/story/story-view.tsx'
import { TimelineView } from '#renderer/features/timeline/timeline-view.tsx'
import { EvidencePlace } from './evidence-place.tsx'

export type PlaceEntry = {
  readonly id: Place
  readonly label: string
  /** Goes there after `g`. */
  readonly letter: string
  readonly icon: LucideIcon
  readonly View: ComponentType
  /** Whether it shows the events of the query: a search made elsewhere goes to Events. */
  readonly followsQuery: boolean
}

/** The places of the window, in the order of the rail: one line for each that there is. Each view stands alone and knows no other. */
export const placeEntries: readonly PlaceEntry[] = [
  { id: 'overview', label: 'Overview', letter: 'o', icon: LayoutDashboard, View: OverviewView, followsQuery: true },
  { id: 'events', label: 'Events', letter: 'e', icon: Rows3, View: EventsView, followsQuery: true },
  { id: 'timeline', label: 'Timeline', letter: 't', icon: Activity, View: TimelineView, followsQuery: true },
  { id: 'identities', label: 'Identities', letter: 'i', icon: Fingerprint, View: IdentitiesView, followsQuery: true },
  { id: 'evidence', label: 'Evidence', letter: 'v', icon: ShieldCheck, View: EvidencePlace, followsQuery: false },
  { id: 'story', label: 'Story', letter: 's', icon: BookOpen, View: StoryView, followsQuery: false },
  { id: 'sql', label: 'SQL', letter: 'q', icon: Database, View: SqlView, followsQuery: false },
  { id: 'custody', label: 'Custody', letter: 'c', icon: ScrollText, View: CustodyView, followsQuery: false },
  { id: 'help', label: 'Help', letter: 'l', icon: CircleHelp, View: HelpView, followsQuery: false },
]

/** The entry of a place. */
export const entryOf = (place: Place): PlaceEntry =>
  ensure(
    placeEntries.find((entry) => entry.id === place),
    'every place has an entry',
  )
