import childProcess from 'node:child_process'
import dgram from 'node:dgram'
import dns from 'node:dns'
import http from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import tls from 'node:tls'

type Functions = Record<string, unknown>

/** What would reach beyond this process: object, the names of its functions (all of them if not said), and how to call it in words. */
const ways: readonly { readonly of: object; readonly words: string; readonly names?: readonly string[] }[] = [
  { of: net, words: 'net', names: ['connect', 'createConnection', 'createServer'] },
  { of: net.Socket.prototype, words: 'net.Socket', names: ['connect'] },
  { of: net.Server.prototype, words: 'net.Server', names: ['listen'] },
  { of: tls, words: 'tls', names: ['connect', 'createServer'] },
  { of: http, words: 'http', names: ['request', 'get', 'createServer'] },
  { of: https, words: 'https', names: ['request', 'get', 'createServer'] },
  { of: http2, words: 'http2', names: ['connect', 'createServer', 'createSecureServer'] },
  { of: dgram, words: 'dgram', names: ['createSocket'] },
  { of: dgram.Socket.prototype, words: 'dgram.Socket', names: ['bind', 'connect', 'send'] },
  { of: dns, words: 'dns' },
  { of: dns.promises, words: 'dns.promises' },
  { of: dns.Resolver.prototype, words: 'dns.Resolver' },
  { of: dns.promises.Resolver.prototype, words: 'dns.promises.Resolver' },
  { of: globalThis, words: 'globalThis', names: ['fetch', 'WebSocket', 'EventSource'] },
  {
    of: childProcess,
    words: 'child_process',
    names: ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'],
  },
  { of: childProcess.ChildProcess.prototype, words: 'ChildProcess', names: ['spawn'] },
]

/**
 * Takes the network, and the starting of other programs, away from this process: every way to them throws. It guards
 * against code that was not meant to (H-02: nothing leaves the machine), not against code that is out to get around it.
 * Worker threads have their own modules: the parse worker's bundle names none of these (a test looks).
 */
export function forbidNetwork(): void {
  for (const { of, words, names } of ways) {
    const functions = of as Functions
    for (const name of names ?? lookups(functions)) {
      if (typeof functions[name] !== 'function') continue
      const forbidden = function (): never {
        throw new Error(`The engine has no network and starts no programs: ${words}.${name} was called.`)
      }
      Object.defineProperty(functions, name, { value: forbidden, writable: false, configurable: false })
    }
  }
  syncBuiltinESMExports()
}

/** Everything of `dns` that asks somebody: `lookup…`, `resolve…`, `reverse`. */
const lookups = (functions: Functions): string[] =>
  Object.getOwnPropertyNames(functions).filter((name) => /^(lookup|resolve|reverse)/.test(name))
