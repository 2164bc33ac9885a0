import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  amend,
  back,
  canGoBack,
  canGoForward,
  current,
  forward,
  historyLines,
  historyText,
  jump,
  KEPT_STEPS,
  readHistoryText,
  startHistory,
  visit,
  type HistoryTree,
} from '#renderer/client/history-tree.ts'
import { startView, type View } from '#shared/domain/view-address.ts'

const view = (text: string): View => ({ ...startView, place: 'events', query: { ...startView.query, text } })
const walked = (...texts: readonly string[]): HistoryTree =>
  texts.reduce((tree, text, n) => visit(tree, view(text), n), startHistory(view('all'), 0))
const text = (tree: HistoryTree): string => current(tree).view.query.text
const drawn = (tree: HistoryTree): string[] =>
  historyLines(tree).map(
    ({ node, depth, isCurrent }) => `${'  '.repeat(depth)}${node.view.query.text}${isCurrent ? ' <' : ''}`,
  )

describe('the history of what was looked at', () => {
  it('goes back and forward, and stays where there is nothing more', () => {
    const tree = walked('a', 'b')
    expect([text(back(tree)), text(back(back(tree))), text(back(back(back(tree))))]).toEqual(['a', 'all', 'all'])
    expect(text(forward(back(tree)))).toBe('b')
    expect(text(forward(tree))).toBe('b')
    expect([canGoBack(tree), canGoForward(tree), canGoForward(back(tree))]).toEqual([true, false, true])
    expect(canGoBack(startHistory(view('all'), 0))).toBe(false)
  })

  it('keeps the branch that was left when something else is looked at', () => {
    const tree = visit(back(back(walked('a', 'b', 'c'))), view('x'), 9)
    expect(drawn(tree)).toEqual(['all', 'a', '  b', '  c', 'x <'])
    const b = tree.nodes.find((node) => node.view.query.text === 'b')!
    expect(text(forward(jump(tree, b.id)))).toBe('c')
  })

  it('leads forward the way that was taken last', () => {
    const tree = visit(back(walked('a', 'b')), view('x'), 9)
    const b = tree.nodes.find((node) => node.view.query.text === 'b')!
    expect(text(forward(back(tree)))).toBe('x')
    expect(text(forward(back(jump(tree, b.id))))).toBe('b')
  })

  it('walks into a branch again instead of drawing it twice', () => {
    const tree = visit(back(walked('a', 'b')), view('b'), 9)
    expect(tree.nodes).toHaveLength(3)
    const selected = amend(tree, { ...view('b'), event: 7 })
    expect(visit(back(selected), view('b'), 10).nodes).toHaveLength(3)
    expect(current(visit(back(selected), view('b'), 10)).view.event).toBeNull()
  })

  it('makes no step of what is shown already', () => {
    const tree = walked('a')
    expect(visit(tree, view('a'), 9)).toBe(tree)
  })

  it('forgets the tip that was not looked at for longest, and never the present step', () => {
    let tree = visit(back(walked('a', 'old')), view('kept'), 5)
    for (let n = 0; n < KEPT_STEPS; n++) tree = visit(tree, view(`s${n}`), n)
    expect(tree.nodes).toHaveLength(KEPT_STEPS)
    expect(tree.nodes.some((node) => node.view.query.text === 'old')).toBe(false)
    expect(text(tree)).toBe(`s${KEPT_STEPS - 1}`)
    expect(historyLines(tree)).toHaveLength(KEPT_STEPS)
  })

  it('comes back whole from the text it is kept as, whatever was done', () => {
    const act = fc.oneof(
      fc.record({ do: fc.constant('visit' as const), n: fc.nat(5) }),
      fc.record({ do: fc.constantFrom('back' as const, 'forward' as const) }),
      fc.record({ do: fc.constant('jump' as const), n: fc.nat(30) }),
    )
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        let tree = startHistory(view('all'), 0)
        for (const [n, one] of acts.entries())
          if (one.do === 'visit') tree = visit(tree, view(`v${one.n}`), n)
          else if (one.do === 'jump') tree = jump(tree, tree.nodes[one.n % tree.nodes.length]!.id)
          else tree = one.do === 'back' ? back(tree) : forward(tree)
        expect(readHistoryText(historyText(tree))).toEqual(tree)
        const lines = historyLines(tree)
        expect(lines.map(({ node }) => node.id).sort((a, b) => a - b)).toEqual(tree.nodes.map(({ id }) => id))
        expect(lines.filter(({ isCurrent }) => isCurrent)).toHaveLength(1)
        for (const { node } of lines)
          if (node.parent !== null)
            expect(lines.findIndex((l) => l.node.id === node.parent)).toBeLessThan(
              lines.findIndex((l) => l.node === node),
            )
      }),
    )
  })

  it.each([
    null,
    '',
    'x',
    '[]',
    '{"at":1,"nodes":[]}',
    '{"at":1,"nodes":[[1,2,"/events",0,1]]}',
    '{"at":2,"nodes":[[1,null,"/events",0,1]]}',
  ])('takes %j for no history', (kept) => {
    expect(readHistoryText(kept)).toBeUndefined()
  })
})
