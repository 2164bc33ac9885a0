import { useCallback, useEffect, useRef, useState } from 'react'
import { Command, Keyboard } from 'lucide-react'
import type { OutputOf } from '#shared/contract/contract.ts'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { Annotate } from '#renderer/features/annotate/annotate.tsx'
import { Searches, WalkButtons } from '#renderer/features/searches/searches.tsx'
import { IconButton } from '#renderer/ui/button.tsx'
import { CommandPalette } from '#renderer/ui/command-palette.tsx'
import { KeySheet } from '#renderer/ui/key-sheet.tsx'
import { Rail } from '#renderer/ui/rail.tsx'
import { CaseMenu } from './case-menu.tsx'
import { ExaminerProvider } from './examiner.tsx'
import { FilterLine } from './filter-line.tsx'
import { IntakeProvider, useIntake } from './intake.tsx'
import { PlaceBoundary } from './place-boundary.tsx'
import { entryOf, placeEntries } from './places.tsx'
import { QueryBar } from './query-bar.tsx'
import { RangePicker } from './range-picker.tsx'
import { ShellKeys } from './shell-keys.tsx'
import { StatusBar } from './status-bar.tsx'
import { ThemeMenu } from './theme-menu.tsx'
import { ZoneSwitch } from './zone-switch.tsx'
import css from './shell.module.css'

type ShellProps = { readonly host: OutputOf<'host.describe'> | null }

/** The workbench around the place that is shown: case, query, range and zone above; places at the side; what is shown below. */
export function Shell({ host }: ShellProps) {
  const { caseId } = useOpenCase()
  return (
    <IntakeProvider key={caseId}>
      <ExaminerProvider>
        <Workbench host={host} />
      </ExaminerProvider>
    </IntakeProvider>
  )
}

function Workbench({ host }: ShellProps) {
  const place = useWorkspace((w) => w.view.place)
  const go = useWorkspace((w) => w.go)
  const entry = entryOf(place)
  const search = useRef<HTMLInputElement>(null)
  const [palette, setPalette] = useState(false)
  const [help, setHelp] = useState(false)
  useFreshCaseInfo()
  useEffect(() => {
    if (entry.id !== place) useWorkspace.setState((w) => ({ view: { ...w.view, place: entry.id } }))
  }, [entry.id, place])
  const focusSearch = useCallback(() => {
    search.current?.focus()
    search.current?.select()
  }, [])
  return (
    <div className={css['shell']}>
      <ShellKeys onPalette={() => setPalette(true)} onKeys={() => setHelp(true)} onSearch={focusSearch} />
      <header className={css['top']}>
        <CaseMenu host={host} />
        <WalkButtons />
        <QueryBar inputRef={search} />
        <Searches />
        <RangePicker />
        <ZoneSwitch />
      </header>
      <FilterLine />
      <div className={css['main']}>
        <Rail
          label="Places"
          places={placeEntries}
          current={entry.id}
          onGo={(id) => go(entryOf(placeEntries.find((one) => one.id === id)?.id ?? entry.id).id)}
          foot={
            <>
              <IconButton label="Commands" icon={Command} keys="Mod+k" onPress={() => setPalette(true)} />
              <IconButton label="Keys" icon={Keyboard} keys="?" onPress={() => setHelp(true)} />
              <ThemeMenu />
            </>
          }
        />
        <main className={css['content']}>
          <PlaceBoundary key={entry.id} label={entry.label}>
            <entry.View />
          </PlaceBoundary>
        </main>
      </div>
      <StatusBar />
      <Annotate />
      <CommandPalette isOpen={palette} onClose={() => setPalette(false)} />
      <KeySheet isOpen={help} onClose={() => setHelp(false)} />
    </div>
  )
}

/** Keeps what is known about the case fresh: after every change that is announced, and while an import runs. */
function useFreshCaseInfo(): void {
  const { caseId } = useOpenCase()
  const { isRunning } = useIntake()
  const info = useAsk('cases.info', { caseId }, { everyMs: isRunning ? 1500 : undefined, keepsPrevious: false }).value
  useEffect(() => {
    if (info?.caseId === useWorkspace.getState().open?.caseId && info) useWorkspace.getState().setOpen(info)
  }, [info])
}
