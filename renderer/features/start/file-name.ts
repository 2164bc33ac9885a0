/** A file name for a case: its number, else its title, without what a file system could take for something else. */
export function fileNameFor(number: string, title: string): string {
  const plain = (number.trim() === '' ? title : number)
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80)
  return `${plain === '' ? 'case' : plain}.trailcase`
}

/** What the person typed as a name, with the extension where none is. */
export const withExtension = (name: string, extension: string): string =>
  /\.[^.\s]+$/.test(name) ? name : `${name}${extension}`
