import type { OutputOf } from '#shared/contract/contract.ts'

export type CheckStep = { readonly what: string; readonly command: string }

/** A file name as one word of a POSIX shell. */
const word = (name: string): string => `'${name.replaceAll("'", `'\\''`)}'`

/** How anyone checks a package without this program, step by step: coreutils, unzip, minisign, age. */
export function checkCommands(packed: OutputOf<'packages.pack'>): readonly CheckStep[] {
  const { name, parts, encrypted, signedBy } = packed
  const plain = name.endsWith('.age') ? name.slice(0, -'.age'.length) : `${name}.opened.zip`
  const steps: CheckStep[] = []
  if (parts.length > 0)
    steps.push({
      what: 'Check the parts and put them together',
      command: `sha256sum -c ${word(`${name}.parts.sha256`)} && cat ${parts.map((part) => word(part.name)).join(' ')} > ${word(name)}`,
    })
  steps.push({
    what: `The SHA-256 must be ${packed.sha256}`,
    command: `sha256sum ${word(name)}`,
  })
  if (encrypted) steps.push({ what: 'Open it with age', command: `age -d -o ${word(plain)} ${word(name)}` })
  steps.push({
    what: 'Every file inside against the manifests',
    command: `unzip -q ${word(encrypted ? plain : name)} -d checked && cd checked/CASE* && sha256sum -c --quiet tagmanifest-sha256.txt manifest-sha256.txt && echo whole`,
  })
  if (signedBy)
    steps.push({
      what: `The signature; the key number must be ${signedBy.number}`,
      command: 'minisign -V -p data/keys/signer.pub -m tagmanifest-sha256.txt',
    })
  return steps
}
