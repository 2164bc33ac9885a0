import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { get, logIn, startTestHost, upgradeStatus, type TestHost } from './host.ts'

let test: TestHost
let cookie: string
beforeAll(async () => {
  test = await startTestHost()
  cookie = await logIn(test.host)
})
afterAll(() => test.close())

const origin = () => `http://127.0.0.1:${test.host.port}`
const tokenPath = () => {
  const { pathname, search } = new URL(test.host.newAddress())
  return pathname + search
}

describe('who may see the window', () => {
  it('gives the page to a session', async () => {
    const page = await get(test.host, '/', { cookie })
    expect(page.status).toBe(200)
    expect(page.body).toContain('<title>Window</title>')
  })

  it.each(['localhost', 'evil.example', '127.0.0.1', '[::1]:80', '127.0.0.1.nip.io'])(
    'refuses the host name %s with 421',
    async (name) => {
      expect((await get(test.host, '/', { cookie, host: name })).status).toBe(421)
      expect((await get(test.host, tokenPath(), { host: `${name}:${test.host.port}` })).status).toBe(
        name === '127.0.0.1' ? 303 : 421,
      )
    },
  )

  it('refuses another origin with 403, even with a session', async () => {
    expect((await get(test.host, '/', { cookie, origin: 'http://evil.example' })).status).toBe(403)
    expect((await get(test.host, '/', { cookie, origin: 'null' })).status).toBe(403)
    expect((await get(test.host, '/', { cookie, origin: origin() })).status).toBe(200)
  })

  it('refuses what another site embeds, and lets a link lead here', async () => {
    const embedded = { cookie, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }
    expect((await get(test.host, '/assets/app.js', embedded)).status).toBe(403)
    expect((await get(test.host, '/', { ...embedded, 'sec-fetch-mode': 'navigate' })).status).toBe(200)
  })

  it('refuses without a session with 401, with a made-up one too', async () => {
    for (const path of ['/', '/index.html', '/assets/app.js', '/nothing'])
      expect((await get(test.host, path)).status).toBe(401)
    const name = cookie.split('=')[0] ?? ''
    expect((await get(test.host, '/', { cookie: `${name}=${'a'.repeat(43)}` })).status).toBe(401)
    expect((await get(test.host, '/', { cookie: `${name}=` })).status).toBe(401)
  })

  it('takes each token once', async () => {
    const path = tokenPath()
    const first = await get(test.host, path)
    expect(first.status).toBe(303)
    expect(first.headers.location).toBe('/')
    expect(first.headers['set-cookie']?.[0]).toMatch(/^trailcase_\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/)
    const second = await get(test.host, path)
    expect(second.status).toBe(401)
    expect(second.headers['set-cookie']).toBeUndefined()
  })

  it('spends no token on a request from elsewhere', async () => {
    const path = tokenPath()
    expect((await get(test.host, path, { origin: 'http://evil.example' })).status).toBe(403)
    expect((await get(test.host, path, { host: 'evil.example' })).status).toBe(421)
    expect((await get(test.host, path)).status).toBe(303)
  })

  it('answers no other method', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])
      expect((await get(test.host, '/', { cookie }, method)).status).toBe(405)
    const head = await get(test.host, '/', { cookie }, 'HEAD')
    expect([head.status, head.body]).toEqual([200, ''])
  })
})

describe('what is served', () => {
  it.each([
    '/../outside.txt',
    '/assets/../../outside.txt',
    '/%2e%2e/outside.txt',
    '/..%2foutside.txt',
    '/assets/..\\..\\outside.txt',
    '//etc/passwd',
    '/secret.key',
    '/assets',
    '/assets/',
    '/__proto__',
    '/constructor',
  ])('does not serve %s', async (path) => {
    expect((await get(test.host, path, { cookie })).status).toBe(404)
  })

  it('sends the policy with every answer, refusals too, and a nonce that changes', async () => {
    const answers = await Promise.all([
      get(test.host, '/', { cookie }),
      get(test.host, '/', { cookie }),
      get(test.host, '/'),
      get(test.host, '/', { host: 'x' }),
    ])
    const nonces = answers.map(({ headers }) => {
      const policy = String(headers['content-security-policy'])
      expect(policy).toContain(`default-src 'none'; script-src 'self'; style-src 'self' 'nonce-`)
      expect(policy).toContain(`require-trusted-types-for 'script'; trusted-types 'none'`)
      expect(policy).not.toContain('unsafe')
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['cache-control']).toBe('no-store')
      expect(headers['access-control-allow-origin']).toBeUndefined()
      return /nonce-([^']+)'/.exec(policy)?.[1]
    })
    expect(new Set(nonces).size).toBe(4)
    expect(answers[0].body).toContain(`<meta property="csp-nonce" nonce="${nonces[0] ?? ''}">`)
  })

  it('says what each file is', async () => {
    expect((await get(test.host, '/assets/app.js?v=1', { cookie })).headers['content-type']).toBe(
      'text/javascript; charset=utf-8',
    )
  })
})

describe('who may open the socket', () => {
  it('takes a session from our own page', async () => {
    expect(await upgradeStatus(test.host, { cookie, origin: origin() })).toBe(101)
  })

  it('refuses another host, another origin, none at all, no session, another path', async () => {
    expect(await upgradeStatus(test.host, { cookie, origin: origin(), host: 'evil.example' })).toBe(421)
    expect(await upgradeStatus(test.host, { cookie, origin: 'http://evil.example' })).toBe(403)
    expect(await upgradeStatus(test.host, { cookie, origin: `http://localhost:${test.host.port}` })).toBe(403)
    expect(await upgradeStatus(test.host, { cookie })).toBe(403)
    expect(await upgradeStatus(test.host, { origin: origin() })).toBe(401)
    expect(await upgradeStatus(test.host, { cookie, origin: origin() }, '/')).toBe(404)
  })
})
