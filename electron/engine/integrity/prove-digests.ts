import type { DigestFlag, DigestVerdict } from '#shared/domain/integrity.ts'
import { compareText, groupBy, pushTo } from './collections.ts'
import {
  isBroken,
  isProven,
  type DigestFile,
  type DigestJudgement,
  type Inventory,
  type Proof,
  type SignatureTrial,
} from './judgement.ts'
import { comparableKey, pathHasKey } from './key-path.ts'
import { makeKeyRing, outsideValidity, type KeyRing, type RingKey } from './key-ring.ts'
import { digestId, type Digest } from './parse-digest.ts'
import type { CapturedSignature } from './parse-signatures.ts'
import { stringToSign } from './string-to-sign.ts'
import { verifySignature } from './verify-signature.ts'

/**
 * Judges every digest. The signature of a digest is not in its file; it comes from captured metadata or from the next
 * digest of the chain, which carries it as `previousDigestSignature`:
 *
 *     D1 <--hash, signature-- D2 <--hash, signature-- D3 (newest) <--captured metadata
 *
 * 1. A signature that fits proves a digest, whoever carried it: it is AWS's own.
 * 2. A proven digest proves the one whose hash it names, even when that one's key is missing; so along the chain.
 * 3. What is left gets its reason. Damage is charged to a digest when a captured signature or a proven successor speaks
 *    against it; when only an unproven successor does, either may be the altered one, and the successor is charged if it
 *    is known to be altered itself.
 */
export function proveDigests(inventory: Pick<Inventory, 'digests' | 'keys' | 'signatures'>): DigestJudgement[] {
  const nodes = toNodes(inventory.digests)
  const ring = makeKeyRing(inventory.keys)
  const signatures = assignSignatures(nodes, inventory.signatures)
  const successors = findSuccessors(nodes)
  for (const node of nodes)
    if (node.digest) trySignatures(node, node.digest, successors.of(node), signatures.of(node), ring)
  proveByLink(nodes, successors)
  nameTheUnproven(nodes, successors, ring)
  addFlags(nodes, successors)
  return nodes.map(({ paths, sha256, content, verdict, flags, proof, checks }) => ({
    paths,
    sha256,
    content,
    verdict,
    flags: [...flags].sort(),
    proof,
    checks,
  }))
}

type Node = {
  readonly index: number
  readonly id: string
  readonly digest: Digest | undefined
  readonly paths: readonly string[]
  readonly sha256: string
  readonly content: DigestFile['content']
  verdict: DigestVerdict
  proof: Proof | null
  checks: SignatureTrial[]
  readonly flags: Set<DigestFlag>
}

type Successors = { readonly of: (node: Node) => readonly Node[]; readonly previousOf: (node: Node) => readonly Node[] }

/** Files with the same identity and bytes become one node; sorted, so that the order of files changes nothing. */
function toNodes(files: readonly DigestFile[]): Node[] {
  const key = (file: DigestFile): string =>
    file.content.ok ? `${digestId(file.content.value)}\0${file.sha256}` : `\uffff${file.path}\0${file.sha256}`
  const groups = [...groupBy(files, key)].sort(([a], [b]) => compareText(a, b))
  return groups.map(([, same], index) => {
    const content = same[0]!.content
    return {
      index,
      id: content.ok ? digestId(content.value) : '',
      digest: content.ok ? content.value : undefined,
      paths: [...new Set(same.map((file) => file.path))].sort(),
      sha256: same[0]!.sha256,
      content,
      verdict: content.ok ? 'UNVERIFIED_NO_SIGNATURE' : 'UNREADABLE',
      proof: null,
      checks: [],
      flags: new Set(),
    }
  })
}

function findSuccessors(nodes: readonly Node[]): Successors {
  const byId = groupBy(nodes, (node) => node.id)
  const naming = groupBy(nodes, (node) => (node.digest?.previous ? digestId(node.digest.previous) : ''))
  return {
    of: (node) => (node.id === '' ? [] : (naming.get(node.id) ?? [])),
    previousOf: (node) => (node.digest?.previous ? (byId.get(digestId(node.digest.previous)) ?? []) : []),
  }
}

/** Captured signatures by bucket and key; else by key alone (copied to another bucket); else by the file they lie beside. */
function assignSignatures(
  nodes: readonly Node[],
  captured: readonly CapturedSignature[],
): { readonly of: (node: Node) => readonly CapturedSignature[] } {
  const known = new Set(nodes.map((node) => node.id))
  const exact = new Map<string, CapturedSignature[]>()
  const loose = new Map<string, CapturedSignature[]>()
  for (const signature of captured) {
    const { of } = signature
    const id = of.kind === 'object' && of.bucket !== null ? digestId({ bucket: of.bucket, key: of.key }) : ''
    if (known.has(id)) pushTo(exact, id, signature)
    else pushTo(loose, comparableKey(of.kind === 'object' ? of.key : of.path), signature)
  }
  return {
    of: (node) => {
      const here = [
        ...(exact.get(node.id) ?? []),
        ...[...new Set([node.digest?.key ?? '', ...node.paths].map(comparableKey))].flatMap(
          (key) => loose.get(key) ?? [],
        ),
      ]
      return here.sort((a, b) => compareText(a.signature, b.signature) || compareText(a.source, b.source))
    },
  }
}

function trySignatures(
  node: Node,
  digest: Digest,
  successors: readonly Node[],
  captured: readonly CapturedSignature[],
  ring: KeyRing,
): void {
  const text = stringToSign(digest, node.sha256)
  const keys = ring.find(digest.fingerprint)
  const seen = new Map<string, SignatureTrial>()
  const attempt = (signature: string, algorithm: string, from: SignatureTrial['from']): void => {
    const known = seen.get(signature.toLowerCase())
    const trial = known ? { ...known, from } : { ...trySignature(text, signature, algorithm, keys), from }
    seen.set(signature.toLowerCase(), trial)
    node.checks.push(trial)
  }
  for (const c of captured)
    attempt(c.signature, otherThanSupported(digest.algorithm, c.algorithm), { kind: 'captured', source: c.source })
  for (const s of successors) {
    const signature = s.digest?.previousSignature
    if (typeof signature === 'string') attempt(signature, digest.algorithm, { kind: 'successor', digest: s.index })
  }
  if (seen.size > 1) node.flags.add('SIGNATURE_CONFLICT')
  const fitting = node.checks.find((trial) => trial.outcome === 'valid')
  if (!fitting) return
  node.verdict = 'AUTHENTIC'
  node.proof = { kind: 'signature', trial: fitting }
  const key = keys.find((k) => k.sha256 === fitting.keySha256)
  const made = isBackfill(digest) ? captured.find((c) => c.backfillGenerated !== null)?.backfillGenerated : digest.end
  if (key?.unusual) node.flags.add('KEY_FINGERPRINT_UNUSUAL')
  if (key && made !== undefined && made !== null && outsideValidity(key, made)) node.flags.add('KEY_OUTSIDE_VALIDITY')
}

const isBackfill = (digest: Digest): boolean => /_backfill\.json(?:\.gz)?$/.test(digest.key)

/** The digest and its metadata both name the algorithm; either one being unknown is enough not to check. */
const otherThanSupported = (inDigest: string, inMetadata: string): string =>
  inDigest.toLowerCase() === 'sha256withrsa' ? inMetadata : inDigest

function trySignature(
  text: string,
  signature: string,
  algorithm: string,
  keys: readonly RingKey[],
): Omit<SignatureTrial, 'from'> {
  let outcome: SignatureTrial['outcome'] = keys.length === 0 ? 'no-key' : 'bad-key'
  let keySha256: string | null = null
  for (const candidate of keys) {
    if (!candidate.key || outcome === 'valid') continue
    outcome = verifySignature(candidate.key, text, signature, algorithm)
    keySha256 = candidate.sha256
  }
  return { signature, outcome, keySha256 }
}

/** Rule 2, from newest to oldest; a list of work instead of recursion, because a chain has thousands of links. */
function proveByLink(nodes: readonly Node[], successors: Successors): void {
  const work = nodes.filter((node) => isProven(node.verdict))
  for (let node = work.pop(); node; node = work.pop())
    for (const previous of successors.previousOf(node)) {
      if (isProven(previous.verdict) || node.digest?.previous?.hash !== previous.sha256) continue
      previous.verdict = 'AUTHENTIC_BY_LINK'
      previous.proof = { kind: 'link', successor: node.index }
      work.push(previous)
    }
}

function nameTheUnproven(nodes: readonly Node[], successors: Successors, ring: KeyRing): void {
  const open = nodes.filter((node) => node.digest && !isProven(node.verdict))
  const differs = (node: Node, successor: Node): boolean =>
    successor.digest?.previous?.hash !== undefined && successor.digest.previous.hash !== node.sha256
  const successorTrial = (node: Node, successor: Node): SignatureTrial | undefined =>
    node.checks.find((trial) => trial.from.kind === 'successor' && trial.from.digest === successor.index)

  const altered = new Set<Node>()
  for (const node of open) {
    const trusted = successors.of(node).filter((s) => isProven(s.verdict))
    const fails = (trial: SignatureTrial): boolean => trial.outcome === 'invalid'
    const signatureFails = node.checks.some(
      (t) => fails(t) && (t.from.kind === 'captured' || isProven(nodes[t.from.digest]!.verdict)),
    )
    if (signatureFails) node.verdict = 'SIGNATURE_INVALID'
    else if (trusted.some((s) => differs(node, s))) node.verdict = 'HASH_MISMATCH_WITH_SUCCESSOR'
    else continue
    altered.add(node)
  }
  const authenticated = chainsWithProof(nodes, successors)
  for (const node of open) {
    if (altered.has(node)) continue
    const against = successors.of(node).filter((s) => !altered.has(s))
    if (against.some((s) => successorTrial(node, s)?.outcome === 'invalid')) node.verdict = 'SIGNATURE_INVALID'
    else if (against.some((s) => differs(node, s))) node.verdict = 'HASH_MISMATCH_WITH_SUCCESSOR'
    else node.verdict = whyUnproven(node, ring, authenticated(node))
  }
}

/** `chain` tells whether the digest is linked by hash to others, and whether any of those is proven. */
function whyUnproven(node: Node, ring: KeyRing, chain: 'alone' | 'unproven' | 'proven'): DigestVerdict {
  if (node.digest?.algorithm.toLowerCase() !== 'sha256withrsa' || node.checks.some((t) => t.outcome === 'unsupported'))
    return 'UNSUPPORTED_ALGORITHM'
  const keys = ring.find(node.digest.fingerprint)
  if (keys.some((key) => key.key)) return 'UNVERIFIED_NO_SIGNATURE'
  if (chain === 'unproven') return 'CONSISTENT_UNAUTHENTICATED'
  return keys.length === 0 ? 'UNVERIFIED_NO_KEY' : 'KEY_UNLOADABLE'
}

/** Groups digests whose hashes link them, and tells for one what its group is worth. */
function chainsWithProof(
  nodes: readonly Node[],
  successors: Successors,
): (node: Node) => 'alone' | 'unproven' | 'proven' {
  const parent = nodes.map((_, i) => i)
  const rootOf = (i: number): number => {
    let root = i
    while (parent[root] !== root) root = parent[root]!
    for (let at = i; parent[at] !== root;) {
      const next = parent[at]!
      parent[at] = root
      at = next
    }
    return root
  }
  for (const node of nodes)
    for (const previous of successors.previousOf(node))
      if (node.digest?.previous?.hash === previous.sha256) parent[rootOf(previous.index)] = rootOf(node.index)
  const size = new Map<number, number>()
  const proven = new Set<number>()
  for (const node of nodes) {
    const root = rootOf(node.index)
    size.set(root, (size.get(root) ?? 0) + 1)
    if (isProven(node.verdict)) proven.add(root)
  }
  return (node) => {
    const root = rootOf(node.index)
    return size.get(root) === 1 ? 'alone' : proven.has(root) ? 'proven' : 'unproven'
  }
}

function addFlags(nodes: readonly Node[], successors: Successors): void {
  const byId = groupBy(nodes, (node) => node.id)
  for (const node of nodes) {
    if (!node.digest) continue
    if (!node.digest.previous && node.digest.previousSignature === null) node.flags.add('CHAIN_START')
    else if (successors.previousOf(node).length === 0) node.flags.add('PREV_MISSING')
    if ((byId.get(node.id)?.length ?? 0) > 1) node.flags.add('DUPLICATE_CONFLICT')
    if (contradictsPredecessor(node, successors)) node.flags.add('CONTRADICTS_PREDECESSOR')
    if (!node.paths.some((path) => pathHasKey(path, node.digest?.key ?? ''))) node.flags.add('PATH_DIFFERS')
  }
}

/** Nothing may speak for or against an unproven digest but what it says about a predecessor that is proven otherwise. */
function contradictsPredecessor(node: Node, successors: Successors): boolean {
  if (isProven(node.verdict) || isBroken(node.verdict)) return false
  const proven = successors.previousOf(node).filter((previous) => isProven(previous.verdict))
  const agrees = (previous: Node): boolean =>
    previous.sha256 === node.digest?.previous?.hash &&
    !previous.checks.some((t) => t.from.kind === 'successor' && t.from.digest === node.index && t.outcome === 'invalid')
  return proven.length > 0 && !proven.some(agrees)
}
