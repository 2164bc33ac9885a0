import { keyCaps } from './keys.ts'
import css from './kbd.module.css'

const MAC = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent)

/** Key caps for a key as it stands in the key map: `Mod+k`, `g e`, `ArrowDown`. */
export function Keys({ keys }: { readonly keys: string }) {
  return (
    <span className={css['keys']}>
      {keyCaps(keys, MAC).map((cap, i) => (
        <kbd key={i} className={css['cap']}>
          {cap}
        </kbd>
      ))}
    </span>
  )
}
