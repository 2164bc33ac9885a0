import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ensure } from '#shared/base/assert.ts'
import { connectToEngine } from '#renderer/client/connect-to-engine.ts'
import { EngineProvider } from '#renderer/client/engine-context.tsx'
import { followAddress } from '#renderer/client/workspace.ts'
import { applyTheme } from '#renderer/ui/theme.ts'
import { KeyMapProvider } from '#renderer/ui/use-keys.tsx'
import { App } from './app.tsx'
import { rememberedTheme } from './remembered.ts'
import './styles/styles.css'

applyTheme(rememberedTheme())
followAddress()

createRoot(ensure(document.getElementById('root'), 'index.html has a root')).render(
  <StrictMode>
    <EngineProvider engine={connectToEngine()}>
      <KeyMapProvider>
        <App />
      </KeyMapProvider>
    </EngineProvider>
  </StrictMode>,
)
