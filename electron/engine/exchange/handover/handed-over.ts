import { basename } from 'node:path'
import { signersText } from './check-package.ts'
import { readTransfers, type OpenedPackage, type Signer } from './open-package.ts'

/** The custody transfer of a package as the receiver notes it: which file, from whom, what the sender wrote, how it was signed, the head of the sender's log. */
export async function handedOver(
  path: string,
  { bag, document, encrypted, sha256, bytes }: OpenedPackage,
  signatures: readonly Signer[],
): Promise<Record<string, unknown>> {
  const transfer = (await readTransfers(bag)).at(-1)
  return {
    file: basename(path),
    sha256,
    bytes,
    encrypted,
    from: document.examiner.name,
    ...(transfer && {
      transfer: { id: transfer.id, to: transfer.to, why: transfer.why, medium: transfer.medium },
    }),
    packed: document.kind,
    case: document.case.uuid,
    signedBy: signersText(signatures),
    custody: document.custody,
  }
}
