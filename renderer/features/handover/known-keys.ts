const KEY = 'trailcase.known-keys'
const MOST = 200

/** A public key that the person compared with its owner. */
export type KnownKey = {
  /** Whose it is, as the person wrote it. */
  readonly name: string
  readonly fingerprint: string
  /** The text of its `.pub` file. */
  readonly text: string
}

/** The keys that were confirmed on this machine. Where the window keeps nothing (the desktop), they last as long as it is open. */
export function knownKeys(): readonly KnownKey[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(kept) ? kept.filter(isKnownKey).slice(0, MOST) : []
  } catch {
    return []
  }
}

/** Keeps a key; a key that is there already gets the new name. */
export function knowKey(key: KnownKey): void {
  const others = knownKeys().filter((one) => one.fingerprint !== key.fingerprint)
  localStorage.setItem(KEY, JSON.stringify([key, ...others].slice(0, MOST)))
}

function isKnownKey(value: unknown): value is KnownKey {
  if (typeof value !== 'object' || value === null) return false
  const { name, fingerprint, text } = value as Readonly<Record<string, unknown>>
  return typeof name === 'string' && typeof fingerprint === 'string' && typeof text === 'string' && text.length <= 4096
}
