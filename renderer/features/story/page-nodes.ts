/**
 * The page that the engine writes, as a tree. The window's policy allows no HTML sink at all (Trusted Types), so the text is read here and
 * drawn element by element; what is not on the lists below is left out.
 */
export type PageNode = string | PageElement
export type PageElement = {
  readonly tag: string
  readonly attributes: readonly (readonly [name: string, value: string])[]
  readonly children: readonly PageNode[]
}

const TAGS = new Set(
  'header footer main nav section div p span strong em code pre br h1 h2 ul ol li dl dt dd table caption thead tbody tr th td a svg rect line text'.split(
    ' ',
  ),
)
const ATTRIBUTES = new Set(
  'class id scope colspan role aria-label viewBox x y x1 y1 x2 y2 width height fill stroke stroke-width font-size text-anchor href'.split(
    ' ',
  ),
)
const VOID = new Set(['br', 'rect', 'line'])

type Open = { readonly tag: string; readonly attributes: PageElement['attributes']; readonly children: PageNode[] }

/** The children of the page's body. Reads only what our own writer writes: quoted attributes, numeric entities, balanced tags. */
export function parsePage(html: string): readonly PageNode[] {
  const start = html.indexOf('<body>')
  const end = html.lastIndexOf('</body>')
  const body = start < 0 || end < start ? '' : html.slice(start + 6, end)
  const root: Open = { tag: '', attributes: [], children: [] }
  const stack: Open[] = [root]
  let at = 0
  while (at < body.length) {
    const open = body.indexOf('<', at)
    const text = body.slice(at, open < 0 ? body.length : open)
    if (text !== '') stack.at(-1)!.children.push(decoded(text))
    if (open < 0) break
    const close = body.indexOf('>', open)
    if (close < 0) break
    step(stack, body.slice(open + 1, close))
    at = close + 1
  }
  while (stack.length > 1) shut(stack)
  return root.children
}

function step(stack: Open[], inside: string): void {
  if (inside.startsWith('/')) {
    const depth = stack.findLastIndex((one) => one.tag === inside.slice(1))
    if (depth > 0) while (stack.length > depth) shut(stack)
    return
  }
  const [tag = ''] = inside.split(/[ /]/, 1)
  const one: Open = { tag, attributes: attributesOf(inside.slice(tag.length)), children: [] }
  if (VOID.has(tag) || inside.endsWith('/')) add(stack, one)
  else stack.push(one)
}

function shut(stack: Open[]): void {
  const one = stack.pop()
  if (one) add(stack, one)
}

/** An element that is not on the list gives its children, not itself. */
function add(stack: Open[], one: Open): void {
  const { children } = stack.at(-1)!
  if (TAGS.has(one.tag)) children.push(one)
  else for (const child of one.children) children.push(child)
}

function attributesOf(text: string): PageElement['attributes'] {
  const found: [string, string][] = []
  let at = 0
  for (;;) {
    const equals = text.indexOf('="', at)
    if (equals < 0) return found
    const end = text.indexOf('"', equals + 2)
    if (end < 0) return found
    const name = text.slice(at, equals).trim()
    const value = decoded(text.slice(equals + 2, end))
    // A link may only lead to a place on the page.
    if (ATTRIBUTES.has(name) && (name !== 'href' || value.startsWith('#'))) found.push([name, value])
    at = end + 1
  }
}

const decoded = (text: string): string =>
  text.replace(/&#(\d{1,7});/g, (_, code: string) => String.fromCodePoint(Math.min(0x10ffff, Number(code))))

/** The style sheet that the page brings along. */
export function styleOf(html: string): string {
  const start = html.indexOf('<style>')
  const end = html.indexOf('</style>', start)
  return start < 0 || end < 0 ? '' : html.slice(start + 7, end)
}
