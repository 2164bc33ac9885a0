import type { DigestFlag, DigestVerdict } from '#shared/domain/integrity.ts'
import { compareText } from './collections.ts'
import type { DigestFile, Proof, SignatureTrial } from './judgement.ts'
import { digestId, type Digest } from './parse-digest.ts'

/** One digest while it is being judged: files with the same identity and the same bytes are one. */
export type DigestNode = {
  readonly index: number
  /** The number of its identity; 0 when it cannot be read. */
  readonly id: number
  /** The number of the identity that it names as its predecessor; 0 when it names none, or none that is in the evidence. */
  readonly previous: number
  readonly digest: Digest | undefined
  readonly paths: string[]
  readonly sha256: string
  readonly content: DigestFile['content']
  verdict: DigestVerdict
  proof: Proof | null
  readonly checks: SignatureTrial[]
  readonly flags: DigestFlag[]
}

export type DigestNodes = {
  /** Sorted by identity, so that the order of files changes nothing. */
  readonly all: readonly DigestNode[]
  /** The number of an identity (`digestId`); 0 when no digest in the evidence has it. */
  readonly numberOf: (id: string) => number
  /** All that say they are the same digest. */
  readonly same: (node: DigestNode) => readonly DigestNode[]
  /** Those that name it as their predecessor. */
  readonly successors: (node: DigestNode) => readonly DigestNode[]
  readonly predecessors: (node: DigestNode) => readonly DigestNode[]
}

/**
 * Makes nodes of digest files and finds their neighbours. An identity is a text of some hundred characters: each is put
 * together once, and is a number after that.
 */
export function digestNodes(files: readonly DigestFile[]): DigestNodes {
  const numbers = new Map<string, number>()
  const named = files.map((file): Named => {
    if (!file.content.ok) return { file, id: '', number: 0 }
    const id = digestId(file.content.value)
    const number = numbers.get(id) ?? numbers.size + 1
    if (number > numbers.size) numbers.set(id, number)
    return { file, id, number }
  })
  const numberOf = (id: string): number => numbers.get(id) ?? 0
  const all: DigestNode[] = []
  let last: Named | undefined
  for (const one of named.sort(byIdentity)) {
    const { path } = one.file
    const before = last && isSame(last, one) ? all.at(-1) : undefined
    last = one
    if (!before) all.push(toNode(one, all.length, numberOf))
    else if (before.paths.at(-1) !== path) before.paths.push(path)
  }
  const members = byNumber(all, numbers.size, (node) => node.id)
  const naming = byNumber(all, numbers.size, (node) => node.previous)
  return {
    all,
    numberOf,
    same: (node) => members(node.id),
    successors: (node) => naming(node.id),
    predecessors: (node) => members(node.previous),
  }
}

/** `id` is empty for a digest that cannot be read: its path stands for it then. */
type Named = { readonly file: DigestFile; readonly id: string; readonly number: number }

const byIdentity = (a: Named, b: Named): number =>
  Number(a.id === '') - Number(b.id === '') ||
  (a.id === '' ? compareText(a.file.path, b.file.path) : compareText(a.id, b.id)) ||
  compareText(a.file.sha256, b.file.sha256) ||
  compareText(a.file.path, b.file.path)

const isSame = (a: Named, b: Named): boolean =>
  a.number === b.number && a.file.sha256 === b.file.sha256 && (a.number !== 0 || a.file.path === b.file.path)

function toNode({ file, number }: Named, index: number, numberOf: (id: string) => number): DigestNode {
  const { content, sha256, path } = file
  const digest = content.ok ? content.value : undefined
  return {
    index,
    id: number,
    previous: digest?.previous ? numberOf(digestId(digest.previous)) : 0,
    digest,
    paths: [path],
    sha256,
    content,
    verdict: digest ? 'UNVERIFIED_NO_SIGNATURE' : 'UNREADABLE',
    proof: null,
    checks: [],
    flags: [],
  }
}

/** Nodes by a number from 1 to `most`; nothing has the number 0. */
function byNumber(
  nodes: readonly DigestNode[],
  most: number,
  numberOf: (node: DigestNode) => number,
): (number: number) => readonly DigestNode[] {
  const lists = Array.from<unknown, DigestNode[] | undefined>({ length: most + 1 }, () => undefined)
  for (const node of nodes) {
    const number = numberOf(node)
    if (number !== 0) (lists[number] ??= []).push(node)
  }
  return (number) => lists[number] ?? NOBODY
}

const NOBODY: readonly DigestNode[] = []
