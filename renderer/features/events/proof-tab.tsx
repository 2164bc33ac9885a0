import { Copy } from 'lucide-react'
import { grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { EventDetails } from '#shared/contract/events.ts'
import { proofAddress } from '#renderer/client/proof-address.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'
import { Button, IconButton } from '#renderer/ui/button.tsx'
import { Mark } from '#renderer/ui/mark.tsx'
import { verdictWords } from './integrity-words.ts'
import css from './events.module.css'

/** How the record is vouched for: the verdict in words, its hash, and every place where it was delivered. */
export function ProofTab({ details }: { readonly details: EventDetails }) {
  const verdict = verdictWords[details.row.integrity]
  const go = useWorkspace((w) => w.go)
  return (
    <div className={css['proof']}>
      <p>
        <Mark kind={verdict.mark} word={verdict.word} />
      </p>
      <p>{verdict.meaning}</p>
      <p>
        <Button onPress={() => go('evidence', proofAddress({ event: details.row.id }))}>Proof card</Button>
      </p>
      <h3>Hash of the record</h3>
      <Hash label="SHA-256 of the record's bytes" hash={details.recordSha256} />
      <h3>
        {details.places.length === 1 ? 'Where it stands' : `Where it stands: ${grouped(details.places.length)} places`}
      </h3>
      <ol className={css['places']}>
        {details.places.map((place) => (
          <li key={`${place.path} ${place.ordinal}`}>
            <Mark kind={verdictWords[place.integrity].mark} word={verdictWords[place.integrity].word} />
            <code className={css['path']}>{visible(place.path)}</code>
            <span className={css['quiet']}>
              record {grouped(place.ordinal)}, byte {grouped(place.offset)}, {grouped(place.length)} long, in{' '}
              {visible(place.source)}
            </span>
            {place.verdictDetail !== null && place.verdictDetail !== '' && <span>{visible(place.verdictDetail)}</span>}
            <Hash label="SHA-256 of the file as it was handed over" hash={place.fileSha256} />
          </li>
        ))}
      </ol>
    </div>
  )
}

function Hash({ label, hash }: { readonly label: string; readonly hash: string }) {
  return (
    <span className={css['hash']} title={label}>
      <code>{hash}</code>
      <IconButton
        label={`Copy: ${label}`}
        icon={Copy}
        size="small"
        onPress={() => void navigator.clipboard.writeText(hash)}
      />
    </span>
  )
}
