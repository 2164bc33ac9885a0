import type { CaseId } from '#shared/contract/common.ts'
import type { ThemeChoice } from '#renderer/ui/theme.ts'

const THEME = 'trailcase.theme'
const CASE = 'trailcase.case'

/** The look that was chosen on this machine. */
export function rememberedTheme(): ThemeChoice {
  const kept = localStorage.getItem(THEME)
  return kept === 'light' || kept === 'dark' ? kept : 'system'
}

export const rememberTheme = (choice: ThemeChoice): void => localStorage.setItem(THEME, choice)

/** The case that this window had open before it was loaded anew; the engine keeps it open for a while. */
export const rememberedCase = (): CaseId | null => sessionStorage.getItem(CASE) as CaseId | null

export function rememberCase(caseId: CaseId | null): void {
  if (caseId === null) sessionStorage.removeItem(CASE)
  else sessionStorage.setItem(CASE, caseId)
}
