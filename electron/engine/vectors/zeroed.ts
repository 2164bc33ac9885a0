/** From this size on glibc maps a block by itself whatever happened before (malloc.c, DEFAULT_MMAP_THRESHOLD_MAX on 64 bits). */
const MAPPED = 32 * 1024 * 1024
/** Smaller arrays are not worth it: what is asked for counts for V8, which then collects garbage sooner. */
const LARGE = 8 * 1024 * 1024

/**
 * Zeroed bytes of an array that is let go as a whole. Blocks from 8 to 32 MB come from the heap of glibc once one of them was
 * freed, and what is freed there stays with the process. A larger block is mapped and goes back at once; pages of it that nobody
 * touches take no memory, so such an array asks for 32 MB and uses its beginning. Elsewhere than on Linux it is an ordinary array.
 */
function zeroed(bytes: number): ArrayBuffer {
  const roomy = process.platform === 'linux' && bytes >= LARGE && bytes < MAPPED
  return new ArrayBuffer(roomy ? MAPPED : bytes)
}

export const zeroed8 = (length: number): Uint8Array => new Uint8Array(zeroed(length), 0, length)
export const zeroed16 = (length: number): Uint16Array => new Uint16Array(zeroed(length * 2), 0, length)
export const zeroed32 = (length: number): Uint32Array => new Uint32Array(zeroed(length * 4), 0, length)
