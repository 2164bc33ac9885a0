import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'

/** RFC 8410: the DER that surrounds a 32-byte key; the two curves differ in one byte of their object identifier. */
const CURVES = { ed25519: 0x70, x25519: 0x6e } as const
export type Curve = keyof typeof CURVES

const privatePrefix = (curve: Curve): Buffer =>
  Buffer.from([0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, CURVES[curve], 4, 0x22, 4, 0x20])
const publicPrefix = (curve: Curve): Buffer =>
  Buffer.from([0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, CURVES[curve], 3, 0x21, 0])

/** A private key of 32 raw bytes (the seed, for Ed25519). */
export const privateKeyFrom = (curve: Curve, raw: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([privatePrefix(curve), raw]), format: 'der', type: 'pkcs8' })

/** A public key of 32 raw bytes. */
export const publicKeyFrom = (curve: Curve, raw: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([publicPrefix(curve), raw]), format: 'der', type: 'spki' })

/** The 32 raw bytes of the public half. */
export const rawPublicKey = (key: KeyObject): Uint8Array =>
  new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32))
