/** The bytes of a base64 text as the engine writes it. */
export const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (unit) => unit.charCodeAt(0))
