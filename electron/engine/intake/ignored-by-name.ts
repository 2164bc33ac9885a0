const LEFT_BEHIND: readonly (readonly [name: string, reason: string])[] = [
  ['.DS_Store', 'macOS folder settings: not evidence.'],
  ['Thumbs.db', 'Windows folder settings: not evidence.'],
  ['desktop.ini', 'Windows folder settings: not evidence.'],
  ['aws-logs-write-test', 'Permission check of a CloudWatch Logs export: not evidence.'],
]
const RESOURCE_FORK = 'macOS resource fork: not evidence.'

/** The rule by which a file is left out before it is read, or `undefined`. Names as systems and exports leave them behind. */
export function ignoredByName(path: string, size: number): string | undefined {
  if (size === 0) return 'The file is empty.'
  if (path.includes('__MACOSX/') || path.includes('/._') || path.includes('!._') || path.startsWith('._'))
    return RESOURCE_FORK
  if (path.endsWith('.csv.metadata')) return 'Athena result metadata: not evidence.'
  return LEFT_BEHIND.find(([name]) => isNamed(path, name))?.[1]
}

function isNamed(path: string, name: string): boolean {
  if (!path.endsWith(name)) return false
  const before = path[path.length - name.length - 1]
  return before === undefined || before === '/' || before === '!' || before === '\\'
}
