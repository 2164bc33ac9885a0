import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

const secret = (): string => randomBytes(32).toString('base64url')
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Sessions at one time; a new one beyond it ends the oldest. */
const MOST_SESSIONS = 16

/**
 * Who may ask this host anything.
 *
 *   printed address with token -> first use spends the token -> session cookie -> files and socket
 *
 * Host and Origin are compared exactly: a page that another site opened under a name that leads to 127.0.0.1 (DNS
 * rebinding) has another Host, a script of another site has another Origin.
 */
export class Access {
  readonly #port: number
  readonly #tokens: Buffer[] = []
  readonly #sessions: Buffer[] = []

  constructor(port: number) {
    this.#port = port
  }

  /** A new one-time token, for an address to be printed. */
  newToken(): string {
    const token = secret()
    this.#tokens.push(digest(token))
    return token
  }

  isHost(host: string | undefined): boolean {
    return host === `127.0.0.1:${this.#port}`
  }

  isOrigin(origin: string | undefined): boolean {
    return origin === `http://127.0.0.1:${this.#port}`
  }

  /** Spends a token; gives the value of the `set-cookie` header, or nothing for a token that is unknown or spent. */
  redeem(token: string): string | undefined {
    const at = indexOf(this.#tokens, token)
    if (at < 0) return undefined
    this.#tokens.splice(at, 1)
    const session = secret()
    this.#sessions.push(digest(session))
    if (this.#sessions.length > MOST_SESSIONS) this.#sessions.shift()
    return `${this.#cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`
  }

  /** Whether the `cookie` header carries one of our sessions. */
  isSession(cookies: string | undefined): boolean {
    const prefix = `${this.#cookieName}=`
    const ours = (cookies ?? '').split(';').map((c) => c.trim())
    return ours.some((c) => c.startsWith(prefix) && indexOf(this.#sessions, c.slice(prefix.length)) >= 0)
  }

  /** Cookies do not know ports: the port in the name keeps two hosts on one machine apart. */
  get #cookieName(): string {
    return `trailcase_${this.#port}`
  }
}

function indexOf(known: readonly Buffer[], text: string): number {
  const asked = digest(text)
  return known.findIndex((one) => timingSafeEqual(one, asked))
}
