/** Switches of Chromium that are set before it starts: what it does in the background by itself, it does not do here. */
export const quietSwitches: readonly (readonly [name: string, value?: string])[] = [
  ['disable-background-networking'],
  ['disable-component-update'],
  ['disable-domain-reliability'],
  ['no-pings'],
  ['disable-http-cache'],
  // No name leads anywhere; the window's own scheme needs none.
  ['host-resolver-rules', 'MAP * ~NOTFOUND'],
]

/** Switches with which an installed Trailcase does not start: they open it to other programs or take its protection away. */
const refused = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'disable-web-security',
  'disable-site-isolation-trials',
  'load-extension',
  'allow-file-access-from-files',
  'js-flags',
]

export type StartCheck =
  | { readonly kind: 'go' }
  /** It may start, but the person must be told, and the window says so all the time. */
  | { readonly kind: 'no-sandbox'; readonly message: string }
  | { readonly kind: 'refuse'; readonly message: string }

/**
 * Whether to start with the switches that were given. An AppImage adds `--no-sandbox` by itself where the system forbids
 * user namespaces, so that is a question to the person and no refusal. From a checkout (`isPackaged` false) developers may.
 */
export function checkStart(hasSwitch: (name: string) => boolean, isPackaged: boolean): StartCheck {
  const found = isPackaged ? refused.find(hasSwitch) : undefined
  if (found !== undefined)
    return {
      kind: 'refuse',
      message: `Trailcase does not start with --${found}: other programs could then read or change what you see. Start it without.`,
    }
  if (hasSwitch('no-sandbox'))
    return {
      kind: 'no-sandbox',
      message:
        'Trailcase was started without the sandbox that keeps hostile evidence away from this computer. The AppImage does this where the system forbids user namespaces; the deb and rpm packages keep the sandbox.',
    }
  return { kind: 'go' }
}
