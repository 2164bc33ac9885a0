import type { EventVerdict } from '#shared/domain/integrity.ts'
import type { MarkKind } from '#renderer/ui/mark.tsx'

type VerdictWords = { readonly mark: MarkKind; readonly word: string; readonly meaning: string }

/** How the verdict of an event is drawn, and what it says. */
export const verdictWords: Readonly<Record<EventVerdict, VerdictWords>> = {
  proven: {
    mark: 'proven',
    word: 'proven',
    meaning:
      'A digest that AWS signed names the hash of its file, and the file has that hash: it is as CloudTrail delivered it.',
  },
  listed: {
    mark: 'listed',
    word: 'listed',
    meaning:
      'A digest names the hash of its file, and the file has that hash; but the signature of the digest was not checked with a key of AWS.',
  },
  unreferenced: {
    mark: 'missing',
    word: 'in no digest',
    meaning: 'No digest in the evidence names its file, so nothing shows that CloudTrail delivered it.',
  },
  none: {
    mark: 'none',
    word: 'no digest',
    meaning: 'No digest could speak about this kind of source, so nothing can be proven or disproven.',
  },
  trailing: {
    mark: 'missing',
    word: 'data appended',
    meaning: 'Data was appended to its file after delivery. The record stands in the part before it.',
  },
  unreadable: {
    mark: 'altered',
    word: 'unreadable',
    meaning: 'Its file cannot be read whole, so its hash cannot be compared with the digest.',
  },
  modified: {
    mark: 'altered',
    word: 'altered',
    meaning: 'Its file differs from what CloudTrail delivered: the hash in the digest does not fit.',
  },
}
