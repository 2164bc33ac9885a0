/** The rule by which a file is left out before it is read, or `undefined`. Names as macOS and Windows leave them behind. */
export function ignoredByName(path: string, size: number): string | undefined {
  if (size === 0) return 'The file is empty.'
  const parts = path.split(/[/\\!]/)
  const name = parts[parts.length - 1] ?? ''
  if (parts.includes('__MACOSX') || name.startsWith('._')) return 'macOS resource fork: not evidence.'
  if (name === '.DS_Store') return 'macOS folder settings: not evidence.'
  if (name === 'Thumbs.db' || name === 'desktop.ini') return 'Windows folder settings: not evidence.'
  if (name === 'aws-logs-write-test') return 'Permission check of a CloudWatch Logs export: not evidence.'
  if (name.endsWith('.csv.metadata')) return 'Athena result metadata: not evidence.'
  return undefined
}
