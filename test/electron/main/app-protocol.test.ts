import { describe, expect, it } from 'vitest'
import { answerWindow, isWindowAddress, windowScheme } from '#electron/main/app-protocol.ts'

const files = new Map([
  [
    '/index.html',
    {
      type: 'text/html; charset=utf-8',
      bytes: Buffer.from('<!doctype html><html><head><title>T</title></head></html>'),
    },
  ],
  ['/assets/index.js', { type: 'text/javascript; charset=utf-8', bytes: Buffer.from('export {}') }],
])
const get = (url: string, method = 'GET'): Response => answerWindow({ method, url }, files)
const policyOf = (response: Response): string => response.headers.get('content-security-policy') ?? ''

describe('the scheme of the desktop window', () => {
  it('serves the files of the window with their types', async () => {
    const script = get('app://main/assets/index.js')
    expect(script.status).toBe(200)
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(await script.text()).toBe('export {}')
    expect(await get('app://main/assets/index.js', 'HEAD').text()).toBe('')
  })

  it('gives every answer the policy of the browser host, refusals too', () => {
    for (const response of [
      get('app://main/'),
      get('app://main/assets/index.js'),
      get('app://main/nothing'),
      get('app://main/', 'POST'),
    ]) {
      expect(policyOf(response)).toMatch(/^default-src 'none'; script-src 'self'; /)
      expect(policyOf(response)).toContain(`require-trusted-types-for 'script'; trusted-types 'none'`)
      expect(policyOf(response)).not.toMatch(/unsafe-|\*|https?:/)
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  it('gives each page a nonce of its own, in the page and in its policy', async () => {
    const [first, second] = [get('app://main/index.html'), get('app://main/')]
    const nonce = /<meta property="csp-nonce" nonce="([^"]{20,})">/.exec(await first.text())?.[1]
    expect(policyOf(first)).toContain(`'nonce-${nonce}'`)
    expect(policyOf(second)).not.toContain(`'nonce-${nonce}'`)
  })

  it.each([
    'app://main/../../../etc/passwd',
    'app://main/%2e%2e/%2e%2e/etc/passwd',
    'app://main/..%2f..%2fetc%2fpasswd',
    'app://main/assets/..\\..\\package.json',
    'app://main//etc/passwd',
    'app://main/assets/',
    'app://main/package.json',
    'app://main/__proto__',
    'app://other/index.html',
    'app://main.evil/index.html',
    'http://main/index.html',
    'file:///etc/passwd',
    'not an address',
  ])('has nothing at %s', (url) => {
    expect(get(url).status).toBe(404)
  })

  it('only reads: other methods are refused', () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect(get('app://main/index.html', method).status).toBe(405)
  })

  it('is an origin of its own that may not bypass its policy', () => {
    expect(windowScheme.privileges).toMatchObject({
      standard: true,
      secure: true,
      bypassCSP: false,
      allowServiceWorkers: false,
    })
    expect(isWindowAddress('app://main/index.html#events')).toBe(true)
    expect(isWindowAddress('app://elsewhere/index.html')).toBe(false)
    expect(isWindowAddress('https://main/index.html')).toBe(false)
  })
})
