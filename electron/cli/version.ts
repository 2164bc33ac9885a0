declare const __TRAILCASE_VERSION__: string | undefined
declare const __TRAILCASE_COMMIT__: string | undefined

/** The version and commit this program was built from; said plainly when it runs from source. */
export const version = typeof __TRAILCASE_VERSION__ === 'undefined' ? '0.0.0-source' : __TRAILCASE_VERSION__
export const commit = typeof __TRAILCASE_COMMIT__ === 'undefined' ? 'unknown' : __TRAILCASE_COMMIT__
