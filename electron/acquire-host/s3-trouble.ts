import { visible } from '#shared/base/visible.ts'
import type { NotFetched } from '#shared/contract/acquire.ts'
import type { FailureCode } from '#shared/contract/contract.ts'

/** An acquisition that cannot go on; becomes a coded failure for the person who started it. */
export class AcquireFailure extends Error {
  readonly code: FailureCode
  constructor(code: FailureCode, message: string) {
    super(message)
    this.name = 'AcquireFailure'
    this.code = code
  }
}

/** The bytes that came are not those that S3 announced. */
export class DamagedTransfer extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'DamagedTransfer'
  }
}

/** What to do about an error of the SDK or the network. */
export type Trouble =
  /** Try again; `slow` when the store asked for fewer requests. */
  | { readonly kind: 'again'; readonly slow: boolean; readonly damaged: boolean; readonly detail: string }
  /** This object is not to be had, the others may be. */
  | { readonly kind: 'object'; readonly reason: NotFetched['reason']; readonly detail: string }
  /** Nothing will be to be had. */
  | { readonly kind: 'fatal'; readonly code: FailureCode; readonly message: string }

const SLOW = new Set([
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'TooManyRequests',
  'RequestLimitExceeded',
  'ServiceUnavailable',
])
const AGAIN = new Set([
  ...['InternalError', 'RequestTimeout', 'TimeoutError', 'RequestTimeTooSkewed', 'BadDigest', 'IncompleteBody'],
  ...['ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH'],
  ...['ERR_STREAM_PREMATURE_CLOSE', 'ENETDOWN', 'HPE_INVALID_CONSTANT'],
])
const NO_ACCESS = new Set(['AccessDenied', 'Forbidden', 'AllAccessDisabled', 'UnauthorizedAccess', '403'])
const GONE = new Set(['NoSuchKey', 'NoSuchVersion', 'NotFound', 'MethodNotAllowed', '404', '405'])
const BAD_KEYS = new Set([
  ...['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'ExpiredToken', 'InvalidToken', 'TokenRefreshRequired'],
  ...['ExpiredTokenException', 'UnrecognizedClientException', 'AuthFailure', 'InvalidSecurity'],
])
const OTHER_REGION = new Set([
  'PermanentRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
])

type Thrown = {
  readonly name?: unknown
  readonly code?: unknown
  readonly message?: unknown
  readonly cause?: unknown
  readonly $metadata?: { readonly httpStatusCode?: number }
}

/**
 * Sorts what was thrown by the error codes of S3 (API reference, "Error responses") and of Node's sockets.
 * @returns `undefined` for what is neither: a bug, or a full disk
 */
export function troubleOf(error: unknown): Trouble | undefined {
  if (error instanceof DamagedTransfer) return again(error.message, { damaged: true })
  if (typeof error !== 'object' || error === null) return undefined
  const { name, code, message, cause, $metadata } = error as Thrown
  const names = [name, code].filter((one): one is string => typeof one === 'string')
  const says = describe(names, message)
  const is = (known: ReadonlySet<string>): boolean => names.some((one) => known.has(one))
  if (is(BAD_KEYS))
    return {
      kind: 'fatal',
      code: 'denied',
      message: `S3 does not accept the keys: ${says}. Give valid ones; a temporary key needs its session token, and expires.`,
    }
  if (is(OTHER_REGION))
    return {
      kind: 'fatal',
      code: 'bad-input',
      message: `The bucket lies in another region: ${says}. Name it with --bucket-region.`,
    }
  if (names.includes('NoSuchBucket'))
    return {
      kind: 'fatal',
      code: 'not-found',
      message: `There is no such bucket: ${says}. Check its name and the endpoint.`,
    }
  if (names.includes('InvalidObjectState'))
    return { kind: 'object', reason: 'archived', detail: `Archived; restore it first and run this again. ${says}` }
  if (is(SLOW) || $metadata?.httpStatusCode === 429 || $metadata?.httpStatusCode === 503)
    return again(says, { slow: true })
  if (is(AGAIN) || ($metadata?.httpStatusCode ?? 0) >= 500) return again(says)
  if (is(NO_ACCESS) || $metadata?.httpStatusCode === 403)
    return { kind: 'object', reason: 'access-denied', detail: `Access denied. ${says}` }
  if (is(GONE) || $metadata?.httpStatusCode === 404)
    return { kind: 'object', reason: 'gone', detail: `Listed, but not there any more. ${says}` }
  if (isChecksum(message)) return again(says, { damaged: true })
  if (names.includes('ENOTFOUND'))
    return {
      kind: 'fatal',
      code: 'unreadable',
      message: `The address of the store is not known here (${says}). Check the endpoint, the region, and the connection.`,
    }
  if (typeof message === 'string' && /aborted|socket hang up|ended without|timed? ?out/i.test(message))
    return again(says)
  if ($metadata?.httpStatusCode !== undefined) return { kind: 'object', reason: 'unavailable', detail: says }
  return cause === undefined ? undefined : troubleOf(cause)
}

const again = (detail: string, more: { slow?: boolean; damaged?: boolean } = {}): Trouble => ({
  kind: 'again',
  slow: false,
  damaged: false,
  detail,
  ...more,
})

/** The SDK compares what came with the checksum that S3 sent, and throws a plain error. */
const isChecksum = (message: unknown): boolean => typeof message === 'string' && message.startsWith('Checksum mismatch')

const LONGEST = 300
/** Text of the store is text of a stranger. */
function describe(names: readonly string[], message: unknown): string {
  const code = names.find((name) => name !== 'Error') ?? ''
  const text = typeof message === 'string' && message !== '' && message !== code ? message.replace(/\.$/, '') : ''
  return visible(
    [code, text]
      .filter((part) => part !== '')
      .join(': ')
      .slice(0, LONGEST),
  )
}
