import type { LineageNode } from '#shared/contract/explore.ts'
import type { EntityKind } from '#shared/domain/entity.ts'
import { bothQueries, isExactly } from '#shared/domain/query/narrow.ts'
import type { Bitmap } from '../vectors/bitmap.ts'
import { byCount, firstIds, tally, type Asked } from './entity-counts.ts'
import { stopIfCancelled } from '../refusal.ts'
import { evaluate, type QueryWorld } from './evaluate.ts'
import { readRows } from './event-rows.ts'
import { understand } from './question.ts'

/** One credential that came into the world: who made it, with which call, and for whom. */
type Mint = {
  readonly event: number
  readonly atMs: number | null
  readonly call: string
  /** The credential that made it, or null for an actor without an access key (a service, a federated sign-in). */
  readonly byKey: string | null
  readonly byWho: string
  readonly key: string
  readonly who: string
}

const MINTS =
  'access:ok eventName:(AssumeRole OR AssumeRoleWithSAML OR AssumeRoleWithWebIdentity OR AssumeRoot OR GetSessionToken OR GetFederationToken OR GetRoleCredentials OR CreateAccessKey)'
/** Where the new key stands in the answer of each of these calls (STS, IAM and Identity Center API references). */
const KEY_FIELDS = [
  'responseElements.credentials.accessKeyId',
  'responseElements.accessKey.accessKeyId',
  'responseElements.roleCredentials.accessKeyId',
] as const
const FIELDS = [
  'eventName',
  'userIdentity.accessKeyId',
  'principal',
  ...KEY_FIELDS,
  'responseElements.assumedRoleUser.arn',
  'responseElements.federatedUser.arn',
  'responseElements.accessKey.userName',
]
const MOST = { keys: 20, mintsOfOne: 200, nodes: 200, up: 8, down: 4 } as const
const unannotated = { tagsOf: () => [], exhibitOf: () => null }

const HAS_CREDENTIALS: ReadonlySet<EntityKind> = new Set(['principal', 'role', 'session', 'key', 'address'])

/** The credentials of an entity with those they came from and those they made. Other kinds of entity have none of their own. */
export async function entityLineage(
  about: Asked,
  kind: EntityKind,
  value: string,
): Promise<{ nodes: LineageNode[]; cut: string | null }> {
  if (!HAS_CREDENTIALS.has(kind)) return { nodes: [], cut: null }
  const { world, signal } = about
  const { keys, all } = kind === 'key' ? { keys: [value], all: 1 } : await keysOf(about)
  const tree = new Tree()
  const minting = (await evaluate(world, understand(MINTS), signal)).events
  for (const key of keys) {
    tree.subjects.add(key)
    await up(about, tree, key)
    await down(about, tree, minting, await mintedWith(about, minting, [key]), MOST.down)
    tree.add(key, '')
  }
  if (kind === 'principal') {
    tree.subjects.add(actorId(null, value))
    const without = bothQueries(isExactly('principal', value), '-userIdentity.accessKeyId:*')
    const events = (await evaluate(world, understand(without), signal)).events.and(minting)
    await down(about, tree, minting, events.page(0, MOST.mintsOfOne), MOST.down)
  }
  const cut =
    all > MOST.keys
      ? `${all} access keys: the ${MOST.keys} with the most events are drawn.`
      : tree.isFull
        ? `More than ${MOST.nodes} credentials: the rest is left out.`
        : null
  return { nodes: await tree.toNodes(world, about), cut }
}

/** Where these keys made credentials: the first calls of each, key by key in the order of time. */
async function mintedWith({ world: { index } }: Asked, minting: Bitmap, keys: readonly string[]): Promise<number[]> {
  const [sets, terms] = await Promise.all([
    index.termSets('userIdentity.accessKeyId'),
    index.terms('userIdentity.accessKeyId'),
  ])
  const positions: number[] = []
  for (const id of idsOf(terms, keys).values()) {
    const most = positions.length + MOST.mintsOfOne
    sets.each(id, (p) => {
      if (minting.has(p)) positions.push(p)
      return positions.length < most
    })
  }
  return positions
}

/** The ids of texts that a dictionary holds, in the order in which they are asked for. One walk for all of them. */
function idsOf(terms: readonly string[], texts: readonly string[]): Map<string, number> {
  const ids = new Map(texts.map((text) => [text, 0]))
  for (let id = 1; id < terms.length; id++) if (ids.has(terms[id]!)) ids.set(terms[id]!, id)
  for (const [text, id] of ids) if (id === 0) ids.delete(text)
  return ids
}

/** The access keys of the events, those with the most events first, as many as are drawn; and how many there are. */
async function keysOf({ world: { index }, events, outcomes }: Asked): Promise<{ keys: string[]; all: number }> {
  const t = await tally(index, outcomes, events, 'userIdentity.accessKeyId')
  const { distinct, ids } = firstIds(t, MOST.keys, byCount(t))
  return { keys: ids.flatMap((id) => t.texts[id] ?? []), all: distinct }
}

const actorId = (key: string | null, who: string): string => key ?? `who:${who}`

/** From a key to what made it, and on, until nobody is known to have made it. */
async function up(about: Asked, tree: Tree, key: string): Promise<void> {
  let at: string | null = key
  for (let step = 0; at !== null && step < MOST.up && !tree.hasOrigin(at); step++) {
    const where: string = KEY_FIELDS.map((field) => isExactly(field, at ?? '')).join(' OR ')
    const { events } = await evaluate(about.world, understand(where), about.signal)
    const [mint]: Mint[] = await mintsAt(about, events.page(0, 1))
    if (!mint) return
    tree.mint(mint)
    at = mint.byKey
  }
}

/** What the calls at these positions made, and what came of it. So many are read at a time that a full tree reads no more than it draws. */
async function down(
  about: Asked,
  tree: Tree,
  minting: Bitmap,
  positions: readonly number[],
  levels: number,
): Promise<void> {
  const next: string[] = []
  for (let first = 0; first < positions.length && !tree.isFull; first += MOST.nodes)
    for (const mint of await mintsAt(about, positions.slice(first, first + MOST.nodes)))
      if (tree.mint(mint)) next.push(mint.key)
  if (next.length > 0 && levels > 1)
    await down(about, tree, minting, await mintedWith(about, minting, next), levels - 1)
}

async function mintsAt({ world, signal }: Asked, positions: readonly number[]): Promise<Mint[]> {
  stopIfCancelled(signal)
  const rows = await readRows(world, positions, FIELDS, unannotated)
  return rows.flatMap((row) => {
    const [call, byKey, byWho, ...answer] = row.values
    const [credentials, created, roleCredentials, assumed, federated, user] = answer
    const key = credentials ?? created ?? roleCredentials
    if (key === null || key === undefined) return []
    return [
      {
        event: row.id,
        atMs: row.timeMs,
        call: call ?? '',
        byKey: byKey || null,
        byWho: byWho ?? '',
        key,
        who: assumed ?? federated ?? user ?? '',
      },
    ]
  })
}

type Node = { readonly id: string; readonly key: string | null; who: string; mint: Mint | null; parent: string | null }

class Tree {
  readonly subjects = new Set<string>()
  readonly #nodes = new Map<string, Node>()

  get isFull(): boolean {
    return this.#nodes.size >= MOST.nodes
  }

  hasOrigin(key: string): boolean {
    return this.#nodes.get(key)?.mint != null
  }

  add(key: string | null, who: string): Node {
    const id = actorId(key, who)
    let node = this.#nodes.get(id)
    if (!node) this.#nodes.set(id, (node = { id, key, who, mint: null, parent: null }))
    return node
  }

  /** Draws one making; false where it was drawn before, or would close a circle. */
  mint(mint: Mint): boolean {
    if (this.isFull || this.hasOrigin(mint.key)) return false
    const parent = this.add(mint.byKey, mint.byWho)
    for (let at: Node | undefined = parent; at; at = at.parent === null ? undefined : this.#nodes.get(at.parent))
      if (at.id === mint.key) return false
    const child = this.add(mint.key, mint.who)
    child.mint = mint
    child.parent = parent.id
    if (child.who === '') child.who = mint.who
    if (parent.who === '') parent.who = mint.byWho
    return true
  }

  async toNodes(world: QueryWorld, about: Asked): Promise<LineageNode[]> {
    const use = await usesOf(
      world,
      about,
      [...this.#nodes.values()].flatMap((node) => node.key ?? []),
    )
    const children = new Map<string | null, Node[]>()
    for (const node of this.#nodes.values()) children.set(node.parent, [...(children.get(node.parent) ?? []), node])
    const nodes: LineageNode[] = []
    const draw = (node: Node, depth: number): void => {
      const used = node.key === null ? undefined : use.get(node.key)
      const { mint } = node
      nodes.push({
        depth,
        key: node.key,
        who: used?.who || node.who,
        call: mint?.call ?? null,
        atMs: mint?.atMs ?? null,
        event: mint?.event ?? null,
        events: used?.events ?? 0,
        denied: used?.denied ?? 0,
        isSubject: this.subjects.has(node.id),
      })
      for (const child of sorted(children.get(node.id))) draw(child, depth + 1)
    }
    for (const root of sorted(children.get(null))) draw(root, 0)
    return nodes
  }
}

const sorted = (nodes: readonly Node[] = []): Node[] =>
  [...nodes].sort((a, b) => (a.mint?.atMs ?? 0) - (b.mint?.atMs ?? 0) || (a.id < b.id ? -1 : 1))

type Use = { events: number; denied: number; who: string }

/** How much each key was used in the whole case, and by whom first. */
async function usesOf({ index }: QueryWorld, { outcomes }: Asked, keys: readonly string[]): Promise<Map<string, Use>> {
  const [sets, terms, principals, names] = await Promise.all([
    index.termSets('userIdentity.accessKeyId'),
    index.terms('userIdentity.accessKeyId'),
    index.term('principal'),
    index.terms('principal'),
  ])
  const uses = new Map<string, Use>()
  for (const [key, id] of idsOf(terms, keys)) {
    const use = { events: 0, denied: 0, who: '' }
    sets.each(id, (p) => {
      if (!index.visible.has(p)) return true
      use.events++
      if (outcomes.denied.has(p)) use.denied++
      if (use.who === '') use.who = names[principals[p]!] ?? ''
      return true
    })
    uses.set(key, use)
  }
  return uses
}
