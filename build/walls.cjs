// Who may import whom. Default deny: an import that no line below allows is an error (`npm run check`).
//
//   base <- domain <- contract <-+- engine <- engine-host, web-host, cli, acquire-host
//                                +- main, preload                (start the hosts by path, not by import)
//                                +- client <- features <- app    (ui stands beside, knows base only)
//
// A new folder or a new package gets its line here, in the commit that brings it.

/** Files under `from` may import files under each of `to`: folders, or patterns that begin with `^`. */
const mayOnly = (from, ...to) => ({
  from: { path: `^${from}/` },
  to: { path: to.map((target) => (target.startsWith('^') ? target : `^${target}/`)) },
})
/** The same, and each other. */
const may = (from, ...to) => mayOnly(from, from, ...to)
/** Packages, named in one string. */
const npm = (names) => `^node_modules/(@types/)?(${names.replaceAll('.', '\\.').split(' ').join('|')})/`

const mayUseNode = (from, ...butNot) => ({
  from: { path: `^${from}/` },
  to: { dependencyTypes: ['core'], ...(butNot.length > 0 ? { pathNot: `^(node:)?(${butNot.join('|')})(/|$)` } : {}) },
})
const network = ['net', 'tls', 'http', 'https', 'http2', 'dns', 'dgram']

const screen = npm(
  'react react-dom react-aria-components react-aria react-stately @react-types @internationalized ' +
    'react-resizable-panels lucide-react @codemirror @lezer @fontsource',
)
const screenState = npm('@tanstack/react-query zustand zod')

// Inside the engine the folders are open to each other, but for those that each answer for one hard thing: what they
// know about it stays in them, and who else needs it is named here.
const specialists = ['intake', 'integrity', 'reports', 'exchange', 'hunts', 'acquire', 'validation']
const engineNpm = npm(
  'zod ipaddr.js re2js yauzl tar-stream fzstd ' +
    'csv-parse csv-stringify hyparquet hyparquet-writer pdfkit @expo-google-fonts',
)
const engine = [
  mayOnly('electron/engine', `^electron/engine/(?!(${specialists.join('|')})/)`, 'shared', engineNpm),
  ...specialists.map((name) => may(`electron/engine/${name}`)),
  // What puts the engine together: the files directly in electron/engine, and one handler per operation.
  { from: { path: '^electron/engine/(operations/)?[^/]+$' }, to: { path: '^electron/engine/' } },
  may('electron/engine/queries', 'electron/engine/intake', 'electron/engine/integrity'),
  may('electron/engine/verify', 'electron/engine/intake', 'electron/engine/integrity'),
  may('electron/engine/intake/run', 'electron/engine/intake', 'electron/engine/integrity'),
  may('electron/engine/reports', 'electron/engine/integrity'),
  // Digests and proofs are read as the intake stored them; the judge itself is given values.
  {
    from: { path: '^electron/engine/integrity/' },
    to: { path: '^electron/engine/intake/(inflate|limits|reused-inflater)\\.ts$' },
  },
  may('electron/engine/exchange', 'electron/engine/intake', 'electron/engine/integrity'),
  may('electron/engine/acquire', 'electron/engine/integrity'),
  // It asks everything the engine answers, in cases of its own.
  may('electron/engine/validation', 'electron/engine'),
  may('electron/engine/storage', npm('sqlite3')),
  mayUseNode('electron/engine', ...network, 'child_process', 'inspector'),
]

module.exports = {
  allowed: [
    may('shared/base'),
    may('shared/domain', 'shared/base', npm('ipaddr.js re2js')),
    may('shared/contract', 'shared/domain', 'shared/base', npm('zod')),

    ...engine,
    may('electron/engine-host', 'electron/engine', 'shared', '^electron/web-host/(grants|serve-requests)\\.ts$'),
    may('electron/web-host', 'electron/engine', 'shared', npm('ws')),
    may('electron/cli', 'electron/engine', 'electron/web-host', 'shared', npm('commander')),
    // The only way out of the machine. It is started as a process of its own, never imported.
    may(
      'electron/acquire-host',
      'electron/engine/acquire',
      '^electron/engine/refusal\\.ts$',
      'shared',
      npm('@aws-sdk'),
    ),
    may('electron/main', 'shared', npm('electron')),
    // What every host with a window needs: the policy, the list of its files, grants, recent cases. And the messages of the
    // engine's process, as types.
    mayOnly(
      'electron/main',
      '^electron/web-host/(acquire-process|acquisitions|grants|recent-cases|security-headers|user-data|window-files)\\.ts$',
      '^electron/engine/acquire/protocol\\.ts$',
      '^electron/engine-host/protocol\\.ts$',
      '^electron/engine/refusal\\.ts$',
    ),
    may('electron/preload', 'shared/contract', npm('electron')),
    mayUseNode('electron/(?!engine/)[^/]+'),

    may('renderer/ui', 'shared/base', screen),
    may('renderer/gallery', 'renderer/ui', 'renderer/app/styles', 'shared/base', screen),
    { from: { path: '^renderer/gallery/vite\\.config\\.mjs$' }, to: { path: npm('vite @vitejs') } },
    { from: { path: '^renderer/gallery/vite\\.config\\.mjs$' }, to: { dependencyTypes: ['core'] } },
    may('renderer/client', 'shared', screenState, screen),
    mayOnly(
      'renderer/features/([^/]+)',
      'renderer/features/$1',
      'renderer/ui',
      'renderer/client',
      'shared',
      screen,
      screenState,
    ),
    // The manual is read from the documents themselves.
    mayOnly('renderer/features/help', '^(README|electron/cli/(README|OPERATIONS)|shared/domain/query/README)\\.md$'),
    may('renderer/app', 'renderer/features', 'renderer/ui', 'renderer/client', 'shared', screen, screenState),

    may('test', 'electron', 'renderer', 'shared', 'build', '^node_modules/(?!electron/)'),
    mayUseNode('test'),
    // The stand-in for Electron is checked against Electron's own types.
    { from: { path: '^test/fixtures/fake-electron\\.ts$' }, to: { path: npm('electron') } },
  ],
  allowedSeverity: 'error',
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'import-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'window-without-schemas',
      comment:
        'Input is checked where it is answered. In the window the contract is types: its schemas would trip Trusted Types.',
      severity: 'error',
      from: { path: '^renderer/' },
      to: {
        path: '^shared/contract/(?!(client|bridge|wire)\\.ts$)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'parse-worker-without-storage',
      comment: 'One process owns the database; parse workers must not even load the SQLite binary.',
      severity: 'error',
      from: { path: '^electron/engine/intake/parse-worker\\.ts$' },
      to: { path: '^electron/engine/storage/', reachable: true },
    },
  ],
  options: {
    // Type imports are arrows too.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'node', 'default'] },
    doNotFollow: { path: '^node_modules/' },
    exclude: { path: '^(dist|release)/' },
  },
}
