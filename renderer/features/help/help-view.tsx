import { useEffect, useMemo, useRef, useState } from 'react'
import { Copy, ListChecks, SearchX } from 'lucide-react'
import { useWindow } from '#renderer/client/window-services.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'
import { Button, IconButton } from '#renderer/ui/button.tsx'
import { Markdown } from '#renderer/ui/markdown/markdown.tsx'
import { EmptyState } from '#renderer/ui/states.tsx'
import { SearchField } from '#renderer/ui/text-field.tsx'
import { useKeyCommands } from '#renderer/ui/use-keys.tsx'
import { chapterWith, readManual, type Chapter } from './manual.ts'
import { searchManual, sectionsOf, type Found } from './search-manual.ts'
import { ValidateDialog } from './validate-dialog.tsx'
import css from './help.module.css'

/** The manual: contents and search at the left, a chapter at the right. What is open is part of the address. */
export function HelpView() {
  const chapters = useMemo(readManual, [])
  const about = useWorkspace((w) => w.view.about)
  const go = useWorkspace((w) => w.go)
  const [asked, setAsked] = useState('')
  const search = useRef<HTMLDivElement>(null)
  const chapter = chapterWith(chapters, about)
  const at = chapters.indexOf(chapter)
  const show = (id: string): void => go('help', id)
  const step = (by: number): void => {
    const next = chapters[at + by]
    if (next) show(next.id)
  }
  useKeyCommands([
    { id: 'help-next', label: 'Next chapter', keys: ['n'], scope: 'Help', run: () => step(1) },
    { id: 'help-before', label: 'Chapter before', keys: ['p'], scope: 'Help', run: () => step(-1) },
    {
      id: 'help-search',
      label: 'Search the manual',
      keys: ['/'],
      scope: 'Help',
      run: () => search.current?.querySelector('input')?.focus(),
    },
  ])
  const found = useMemo(() => searchManual(chapters, asked), [chapters, asked])
  return (
    <div className={css['help']}>
      <aside className={css['side']} aria-label="Contents of the manual">
        <div ref={search} className={css['search']}>
          <SearchField label="Search the manual" value={asked} onChange={setAsked} />
        </div>
        {asked.trim() === '' ? (
          <Contents chapters={chapters} current={chapter} onShow={show} />
        ) : (
          <Results found={found} of={sectionsOf(chapters).length} onShow={show} onEmpty={() => setAsked('')} />
        )}
        <Validate />
      </aside>
      <Page key={chapter.id} chapter={chapter} about={about} onShow={show}>
        {chapters[at - 1] && (
          <Button tone="quiet" keys="p" onPress={() => step(-1)}>
            {chapters[at - 1]!.title}
          </Button>
        )}
        {chapters[at + 1] && (
          <Button tone="quiet" keys="n" onPress={() => step(1)}>
            {chapters[at + 1]!.title}
          </Button>
        )}
      </Page>
    </div>
  )
}

/** The check of this installation against known answers. */
function Validate() {
  const [isOpen, setIsOpen] = useState(false)
  const examiner = useWorkspace((w) => w.open?.examiner?.name ?? '')
  const ask = (): void => setIsOpen(true)
  useKeyCommands([{ id: 'validate', label: 'Validate this installation', keys: ['v'], scope: 'Help', run: ask }])
  return (
    <div className={css['validate']}>
      <Button icon={ListChecks} keys="v" onPress={ask}>
        Validate this installation
      </Button>
      {isOpen && <ValidateDialog examiner={examiner} onClose={() => setIsOpen(false)} />}
    </div>
  )
}

type ContentsProps = {
  readonly chapters: readonly Chapter[]
  readonly current: Chapter
  readonly onShow: (id: string) => void
}

function Contents({ chapters, current, onShow }: ContentsProps) {
  return (
    <nav className={css['list']} aria-label="Chapters">
      <ul>
        {chapters.map((chapter) => (
          <li key={chapter.id}>
            <button
              type="button"
              className={css['entry']}
              aria-current={chapter === current ? 'page' : undefined}
              onClick={() => onShow(chapter.id)}
            >
              {chapter.title}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  )
}

type ResultsProps = {
  readonly found: readonly Found[]
  readonly of: number
  readonly onShow: (id: string) => void
  readonly onEmpty: () => void
}

function Results({ found, of, onShow, onEmpty }: ResultsProps) {
  if (found.length === 0)
    return (
      <EmptyState
        icon={SearchX}
        title="Not in the manual"
        actions={<Button onPress={onEmpty}>Show the contents</Button>}
      >
        Every word must stand in the same section. Try fewer or shorter words.
      </EmptyState>
    )
  return (
    <div className={css['list']}>
      <p className={css['sum']} role="status">
        {found.length} of {of} sections
      </p>
      <ul>
        {found.map(({ chapter, section, around }) => (
          <li key={`${chapter}-${section.id}`}>
            <button type="button" className={css['entry']} onClick={() => onShow(section.id)}>
              <span className={css['title']}>{section.title}</span>
              {section.title !== chapter && <span className={css['where']}>{chapter}</span>}
              <span className={css['around']}>{around}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

type PageProps = {
  readonly chapter: Chapter
  /** The section to bring into sight, or the chapter itself. */
  readonly about: string | null
  readonly onShow: (id: string) => void
  readonly children: React.ReactNode
}

function Page({ chapter, about, onShow, children }: PageProps) {
  const { notify } = useWindow()
  const page = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const section = about === null ? null : page.current?.querySelector(`#${CSS.escape(about)}`)
    section?.scrollIntoView({ block: 'start' })
  }, [about])
  const copy = async (text: string): Promise<void> => {
    await navigator.clipboard.writeText(text)
    notify({ tone: 'done', text: 'The example is in the clipboard.' })
  }
  const blocks = [
    { kind: 'heading' as const, level: 3, text: chapter.title, id: chapter.id },
    ...chapter.blocks,
    ...chapter.sections.flatMap(({ id, title, blocks: own }) => [
      { kind: 'heading' as const, level: 4, text: title, id },
      ...own,
    ]),
  ]
  return (
    <div ref={page} className={css['page']} tabIndex={0} role="region" aria-label={chapter.title}>
      <Markdown
        blocks={blocks}
        topLevel={3}
        onSection={onShow}
        codeTool={(code) => (
          <IconButton icon={Copy} label="Copy the example" size="small" onPress={() => void copy(code)} />
        )}
      />
      <footer className={css['turn']}>{children}</footer>
    </div>
  )
}
