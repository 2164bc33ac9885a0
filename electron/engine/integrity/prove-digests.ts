import type { DigestVerdict } from '#shared/domain/integrity.ts'
import { compareText, pushTo } from './collections.ts'
import { digestNodes, type DigestNode, type DigestNodes } from './digest-nodes.ts'
import { isBroken, isProven, type DigestJudgement, type Inventory, type SignatureTrial } from './judgement.ts'
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
  const nodes = digestNodes(inventory.digests)
  const ring = makeKeyRing(inventory.keys)
  const capturedOf = assignSignatures(nodes, inventory.signatures)
  for (const node of nodes.all)
    if (node.digest) trySignatures(node, node.digest, nodes.successors(node), capturedOf(node), ring)
  proveByLink(nodes)
  nameTheUnproven(nodes, ring)
  addFlags(nodes)
  return nodes.all.map(({ paths, sha256, content, verdict, flags, proof, checks }) => ({
    paths: paths.sort(),
    sha256,
    content,
    verdict,
    flags: flags.sort(),
    proof,
    checks,
  }))
}

/** Captured signatures by bucket and key; else by key alone (copied to another bucket); else by the file they lie beside. */
function assignSignatures(
  nodes: DigestNodes,
  captured: readonly CapturedSignature[],
): (node: DigestNode) => readonly CapturedSignature[] {
  const exact = new Map<number, CapturedSignature[]>()
  const loose = new Map<string, CapturedSignature[]>()
  for (const signature of captured) {
    const { of } = signature
    const id =
      of.kind === 'object' && of.bucket !== null ? nodes.numberOf(digestId({ bucket: of.bucket, key: of.key })) : 0
    if (id !== 0) pushTo(exact, id, signature)
    else pushTo(loose, comparableKey(of.kind === 'object' ? of.key : of.path), signature)
  }
  const byName = (node: DigestNode): CapturedSignature[] =>
    loose.size === 0
      ? []
      : [...new Set([node.digest?.key ?? '', ...node.paths].map(comparableKey))].flatMap((key) => loose.get(key) ?? [])
  return (node) => {
    const here = [...(exact.get(node.id) ?? []), ...byName(node)]
    return here.sort((a, b) => compareText(a.signature, b.signature) || compareText(a.source, b.source))
  }
}

function trySignatures(
  node: DigestNode,
  digest: Digest,
  successors: readonly DigestNode[],
  captured: readonly CapturedSignature[],
  ring: KeyRing,
): void {
  const text = stringToSign(digest, node.sha256)
  const keys = ring.find(digest.fingerprint)
  // Captured and carried by the successor it is the same signature, and is checked once.
  const others = new Map<string, SignatureTrial>()
  const attempt = (signature: string, algorithm: string, from: SignatureTrial['from']): void => {
    const first = node.checks[0]
    const known = first && (isSameHex(first.signature, signature) ? first : others.get(signature.toLowerCase()))
    const trial = known ? { ...known, from } : { ...trySignature(text, signature, algorithm, keys), from }
    if (first && !known) others.set(signature.toLowerCase(), trial)
    node.checks.push(trial)
  }
  for (const c of captured)
    attempt(c.signature, otherThanSupported(digest.algorithm, c.algorithm), { kind: 'captured', source: c.source })
  for (const s of successors) {
    const signature = s.digest?.previousSignature
    if (typeof signature === 'string') attempt(signature, digest.algorithm, { kind: 'successor', digest: s.index })
  }
  if (others.size > 0) node.flags.push('SIGNATURE_CONFLICT')
  const fitting = node.checks.find((trial) => trial.outcome === 'valid')
  if (!fitting) return
  node.verdict = 'AUTHENTIC'
  node.proof = { kind: 'signature', trial: fitting }
  const key = keys.find((k) => k.sha256 === fitting.keySha256)
  const made = isBackfill(digest) ? captured.find((c) => c.backfillGenerated !== null)?.backfillGenerated : digest.end
  if (key?.unusual) node.flags.push('KEY_FINGERPRINT_UNUSUAL')
  if (key && made !== undefined && made !== null && outsideValidity(key, made)) node.flags.push('KEY_OUTSIDE_VALIDITY')
}

const isSameHex = (a: string, b: string): boolean => a === b || a.toLowerCase() === b.toLowerCase()

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
function proveByLink(nodes: DigestNodes): void {
  const work = nodes.all.filter((node) => isProven(node.verdict))
  for (let node = work.pop(); node; node = work.pop())
    for (const previous of nodes.predecessors(node)) {
      if (isProven(previous.verdict) || node.digest?.previous?.hash !== previous.sha256) continue
      previous.verdict = 'AUTHENTIC_BY_LINK'
      previous.proof = { kind: 'link', successor: node.index }
      work.push(previous)
    }
}

function nameTheUnproven(nodes: DigestNodes, ring: KeyRing): void {
  const open = nodes.all.filter((node) => node.digest && !isProven(node.verdict))
  if (open.length === 0) return
  const differs = (node: DigestNode, successor: DigestNode): boolean =>
    successor.digest?.previous?.hash !== undefined && successor.digest.previous.hash !== node.sha256
  const successorTrial = (node: DigestNode, successor: DigestNode): SignatureTrial | undefined =>
    node.checks.find((trial) => trial.from.kind === 'successor' && trial.from.digest === successor.index)

  const altered = new Set<DigestNode>()
  for (const node of open) {
    const trusted = nodes.successors(node).filter((s) => isProven(s.verdict))
    const fails = (trial: SignatureTrial): boolean => trial.outcome === 'invalid'
    const signatureFails = node.checks.some(
      (t) => fails(t) && (t.from.kind === 'captured' || isProven(nodes.all[t.from.digest]!.verdict)),
    )
    if (signatureFails) node.verdict = 'SIGNATURE_INVALID'
    else if (trusted.some((s) => differs(node, s))) node.verdict = 'HASH_MISMATCH_WITH_SUCCESSOR'
    else continue
    altered.add(node)
  }
  const authenticated = chainsWithProof(nodes)
  for (const node of open) {
    if (altered.has(node)) continue
    const against = nodes.successors(node).filter((s) => !altered.has(s))
    if (against.some((s) => successorTrial(node, s)?.outcome === 'invalid')) node.verdict = 'SIGNATURE_INVALID'
    else if (against.some((s) => differs(node, s))) node.verdict = 'HASH_MISMATCH_WITH_SUCCESSOR'
    else node.verdict = whyUnproven(node, ring, authenticated(node))
  }
}

/** `chain` tells whether the digest is linked by hash to others, and whether any of those is proven. */
function whyUnproven(node: DigestNode, ring: KeyRing, chain: 'alone' | 'unproven' | 'proven'): DigestVerdict {
  if (node.digest?.algorithm.toLowerCase() !== 'sha256withrsa' || node.checks.some((t) => t.outcome === 'unsupported'))
    return 'UNSUPPORTED_ALGORITHM'
  const keys = ring.find(node.digest.fingerprint)
  if (keys.some((key) => key.key)) return 'UNVERIFIED_NO_SIGNATURE'
  if (chain === 'unproven') return 'CONSISTENT_UNAUTHENTICATED'
  return keys.length === 0 ? 'UNVERIFIED_NO_KEY' : 'KEY_UNLOADABLE'
}

/** Groups digests whose hashes link them, and tells for one what its group is worth. */
function chainsWithProof(nodes: DigestNodes): (node: DigestNode) => 'alone' | 'unproven' | 'proven' {
  const parent = Uint32Array.from(nodes.all, (_, i) => i)
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
  for (const node of nodes.all)
    for (const previous of nodes.predecessors(node))
      if (node.digest?.previous?.hash === previous.sha256) parent[rootOf(previous.index)] = rootOf(node.index)
  const size = new Map<number, number>()
  const proven = new Set<number>()
  for (const node of nodes.all) {
    const root = rootOf(node.index)
    size.set(root, (size.get(root) ?? 0) + 1)
    if (isProven(node.verdict)) proven.add(root)
  }
  return (node) => {
    const root = rootOf(node.index)
    return size.get(root) === 1 ? 'alone' : proven.has(root) ? 'proven' : 'unproven'
  }
}

function addFlags(nodes: DigestNodes): void {
  for (const node of nodes.all) {
    const { digest, flags } = node
    if (!digest) continue
    if (!digest.previous && digest.previousSignature === null) flags.push('CHAIN_START')
    else if (nodes.predecessors(node).length === 0) flags.push('PREV_MISSING')
    if (nodes.same(node).length > 1) flags.push('DUPLICATE_CONFLICT')
    if (contradictsPredecessor(node, nodes)) flags.push('CONTRADICTS_PREDECESSOR')
    if (!node.paths.some((path) => pathHasKey(path, digest.key))) flags.push('PATH_DIFFERS')
  }
}

/** Nothing may speak for or against an unproven digest but what it says about a predecessor that is proven otherwise. */
function contradictsPredecessor(node: DigestNode, nodes: DigestNodes): boolean {
  if (isProven(node.verdict) || isBroken(node.verdict)) return false
  const proven = nodes.predecessors(node).filter((previous) => isProven(previous.verdict))
  const agrees = (previous: DigestNode): boolean =>
    previous.sha256 === node.digest?.previous?.hash &&
    !previous.checks.some((t) => t.from.kind === 'successor' && t.from.digest === node.index && t.outcome === 'invalid')
  return proven.length > 0 && !proven.some(agrees)
}
