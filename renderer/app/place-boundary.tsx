import { Component, type ReactNode } from 'react'
import { Button } from '#renderer/ui/button.tsx'
import { ErrorState } from '#renderer/ui/states.tsx'
import css from './shell.module.css'

type Props = { readonly label: string; readonly children: ReactNode }
type State = { readonly error: Error | null }

/** Keeps a fault of one place inside it: the rest of the window goes on. */
export class PlaceBoundary extends Component<Props, State> {
  override state: State = { error: null }

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (!error) return this.props.children
    return (
      <div className={css['fault']}>
        <ErrorState
          title={`${this.props.label} stopped because of a fault in the program.`}
          safe="The case is safe: what is on screen is only drawn from it, and the other places still work."
          advice="Try again, or change the query first. If it comes back, report it with the line below."
          code={error.message}
          actions={<Button onPress={() => this.setState({ error: null })}>Try again</Button>}
        />
      </div>
    )
  }
}
