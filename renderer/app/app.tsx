import { useEffect, useRef, useState } from 'react'
import type { CaseInfo } from '#shared/contract/cases.ts'
import type { Failure, OutputOf } from '#shared/contract/contract.ts'
import { visible } from '#shared/base/visible.ts'
import { useEngine } from '#renderer/client/engine-context.tsx'
import { usePackageWish } from '#renderer/client/package-wish.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'
import { HelpAlone } from '#renderer/features/help/help-alone.tsx'
import { StartView } from '#renderer/features/start/start-view.tsx'
import { Skeleton } from '#renderer/ui/states.tsx'
import { EngineBanner } from './engine-banner.tsx'
import { PackageHost } from './package-host.tsx'
import { rememberCase, rememberedCase } from './remembered.ts'
import { Shell } from './shell.tsx'
import { useReopen } from './use-reopen.ts'
import { useWishes } from './use-wishes.ts'
import { WindowFrame } from './window-frame.tsx'
import css from './app.module.css'

type Host = OutputOf<'host.describe'>
type Boot = { readonly host: Host | null; readonly trouble: Failure | null; readonly isOver: boolean }

/** The window: the start screen, or the workbench with the case that is open. */
export function App() {
  const boot = useBoot()
  return (
    <WindowFrame host={boot.host}>
      <div className={css['window']}>
        <EngineBanner />
        <Inside boot={boot} />
        <PackageHost host={boot.host} />
      </div>
    </WindowFrame>
  )
}

function Inside({ boot }: { readonly boot: Boot }) {
  const open = useWorkspace((w) => w.open)
  const setOpen = useWorkspace((w) => w.setOpen)
  const place = useWorkspace((w) => w.view.place)
  const go = useWorkspace((w) => w.go)
  const show = (info: CaseInfo): void => {
    setOpen(info)
    // An empty case has one thing to do.
    if (info.entries.seen === 0) useWorkspace.getState().go('evidence')
  }
  useReopen()
  useWishes(boot.host?.examiner ?? null)
  useEffect(() => {
    if (boot.isOver) rememberCase(open?.caseId ?? null)
    document.title = open
      ? `${caseName(open.header.number, open.header.title, open.fileName)} - Trailcase`
      : 'Trailcase'
  }, [open, boot.isOver])
  if (!boot.isOver) return <Starting />
  if (open) return <Shell host={boot.host} />
  if (place === 'help') return <HelpAlone onBack={() => go('overview')} />
  return <StartView host={boot.host} trouble={boot.trouble} onOpened={show} onHelp={() => go('help', 'first-steps')} />
}

const caseName = (number: string, title: string, fileName: string): string =>
  visible([number, title].filter((part) => part !== '').join(' ') || fileName)

function Starting() {
  return (
    <main className={css['starting']}>
      <Skeleton lines={3} label="Starting" />
    </main>
  )
}

/** Once at start: who the host is, then the case that this window had open, or the one named on the command line. */
function useBoot(): Boot {
  const engine = useEngine()
  const setOpen = useWorkspace((w) => w.setOpen)
  const [boot, setBoot] = useState<Boot>({ host: null, trouble: null, isOver: false })
  const started = useRef(false)
  useEffect(() => {
    if (started.current) return
    started.current = true
    const begin = async (): Promise<void> => {
      const host = await engine.ask('host.describe', {})
      if (!host.ok) {
        setBoot({ host: null, trouble: host, isOver: true })
        return
      }
      const before = rememberedCase()
      const kept = before === null ? undefined : await engine.ask('cases.info', { caseId: before })
      const { startCase, examiner } = host.value
      const found =
        kept?.ok === true || startCase === null
          ? kept
          : await engine.ask('cases.open', {
              grant: startCase.grant,
              ...(examiner === null ? {} : { examiner: { name: examiner } }),
            })
      if (found?.ok === true) setOpen(found.value)
      if (host.value.startPackage) usePackageWish.getState().show(host.value.startPackage)
      const trouble = found?.ok === false && startCase !== null ? found : null
      setBoot({ host: host.value, trouble, isOver: true })
    }
    void begin()
  }, [engine, setOpen])
  return boot
}
