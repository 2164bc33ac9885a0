declare const brand: unique symbol
/** A plain value that only its own factory may make: `type CaseId = Brand<string, 'CaseId'>`. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }
