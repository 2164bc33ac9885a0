import { useMemo } from 'react'
import { grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { EventDetails } from '#shared/contract/events.ts'
import { RawView } from '#renderer/ui/raw/raw-view.tsx'
import { bytesOf } from './bytes-of.ts'
import css from './events.module.css'

/** The record's exact bytes, and where in which file they stand. */
export function RawTab({ details }: { readonly details: EventDetails }) {
  const bytes = useMemo(() => bytesOf(details.rawBase64), [details.rawBase64])
  const place = details.places[0]
  return (
    <div className={css['raw']}>
      {place && (
        <p className={css['rawPlace']} title={visible(place.path)}>
          Record {grouped(place.ordinal)} at byte {grouped(place.offset)} of the content of{' '}
          <code>{visible(place.path)}</code>
        </p>
      )}
      <RawView label="Record, exact bytes" bytes={bytes} baseOffset={place?.offset ?? 0} />
    </div>
  )
}
