import { StrictMode, useSyncExternalStore } from 'react'
import { createRoot } from 'react-dom/client'
import '../app/styles/styles.css'
import { applyTheme } from '../ui/theme.ts'
import { KeyMapProvider } from '../ui/use-keys.tsx'
import { BigGrid } from './big-grid.tsx'
import { Cards } from './cards.tsx'
import { Workbench } from './workbench.tsx'

const theme = new URLSearchParams(location.search).get('theme')
applyTheme(theme === 'dark' || theme === 'light' ? theme : 'system')

function Gallery() {
  const place = useSyncExternalStore(
    (changed) => {
      window.addEventListener('hashchange', changed)
      return () => window.removeEventListener('hashchange', changed)
    },
    () => location.hash,
  )
  return (
    <KeyMapProvider>
      {place === '#workbench' ? <Workbench /> : place === '#big' ? <BigGrid /> : <Cards />}
    </KeyMapProvider>
  )
}

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Gallery />
    </StrictMode>,
  )
}
