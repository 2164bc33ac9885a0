import { useEffect, useRef } from 'react'
import { parsePage, styleOf, type PageNode } from './page-nodes.ts'
import css from './story.module.css'

/** A page has its marks at head and foot; on screen they stand where they are instead of over the text. */
const ON_SCREEN = `
:host{display:flex;flex-direction:column;color:#111;background:#fff;font:13px/1.5 "Noto Sans",Inter,system-ui,sans-serif;color-scheme:light}
.header,.footer{display:flex;justify-content:space-between;align-items:center;gap:1em;padding:1em 2.5em}
.header>span:last-child{text-align:right}
.header{border-bottom:1px solid #111}
.footer{order:3;border-top:1px solid #111;font-size:12px}
.main{padding:0 2.5em 2em}
[role=link]{cursor:pointer}
`
/** Landmarks of the page are none of the window: they become plain boxes with a class of that name. */
const LANDMARKS = new Set(['header', 'footer', 'main'])

/** The report as it would be printed now, in a shadow tree with its own style: nothing of the window reaches in, nothing leads out. */
export function PageView({ html, label }: { readonly html: string; readonly label: string }) {
  const host = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = host.current
    if (!element) return
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' })
    root.adoptedStyleSheets = [styleOf(html), ON_SCREEN].map((text) => {
      const sheet = new CSSStyleSheet()
      sheet.replaceSync(text)
      return sheet
    })
    // Where somebody reads stays in sight when the page is drawn anew.
    const scroller = element.parentElement
    const top = scroller?.scrollTop ?? 0
    root.replaceChildren(...parsePage(html).map((node) => toDom(node, root, false)))
    if (scroller) scroller.scrollTop = top
  }, [html])
  return (
    <div className={css['sheet']} role="region" aria-label={label} tabIndex={0}>
      <div ref={host} className={css['page']} />
    </div>
  )
}

const SVG = 'http://www.w3.org/2000/svg'

function toDom(node: PageNode, root: ShadowRoot, inSvg: boolean): Node {
  if (typeof node === 'string') return document.createTextNode(node)
  const isSvg = inSvg || node.tag === 'svg'
  const element = isSvg
    ? document.createElementNS(SVG, node.tag)
    : document.createElement(LANDMARKS.has(node.tag) ? 'div' : node.tag)
  if (LANDMARKS.has(node.tag)) element.setAttribute('class', node.tag)
  for (const [name, value] of node.attributes) {
    if (name !== 'href') element.setAttribute(name, value)
    else {
      element.setAttribute('role', 'link')
      element.setAttribute('tabindex', '0')
      const go = (): void => root.getElementById(value.slice(1))?.scrollIntoView()
      element.addEventListener('click', go)
      element.addEventListener('keydown', (event) => {
        if ((event as KeyboardEvent).key === 'Enter') go()
      })
    }
  }
  for (const child of node.children) element.append(toDom(child, root, isSvg))
  return element
}
