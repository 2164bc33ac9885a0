import { basename, extname } from 'node:path'
import type { BrowserWindow, FileFilter } from 'electron'
import { assertNever } from '#shared/base/assert.ts'
import type { Purpose } from '#electron/web-host/grants.ts'
import type { ElectronApi } from './electron-api.ts'

type Dialog = Pick<ElectronApi['dialog'], 'showOpenDialog' | 'showSaveDialog' | 'showMessageBox'>

const cases: FileFilter[] = [{ name: 'Trailcase case', extensions: ['trailcase'] }]
const tables: FileFilter[] = [{ name: 'CSV or JSON lines', extensions: ['csv', 'jsonl', 'json', 'txt', 'tsv'] }]
const anything: FileFilter[] = [{ name: 'All files', extensions: ['*'] }]

/** Asks the person with the system's dialog. Gives absolute paths; none when they closed it. */
export async function choosePaths(
  dialog: Dialog,
  parent: BrowserWindow,
  purpose: Purpose,
  suggestedName: string | undefined,
  platform: NodeJS.Platform = process.platform,
): Promise<readonly string[]> {
  switch (purpose) {
    case 'open-case':
      return opened(
        await dialog.showOpenDialog(parent, {
          title: 'Open a case',
          filters: [...cases, ...anything],
          properties: ['openFile'],
        }),
      )
    case 'open-package':
      return opened(
        await dialog.showOpenDialog(parent, { title: 'Open a package', filters: anything, properties: ['openFile'] }),
      )
    case 'annotations':
      return opened(
        await dialog.showOpenDialog(parent, {
          title: 'Open a table with tags and comments',
          filters: [...tables, ...anything],
          properties: ['openFile'],
        }),
      )
    case 'new-case':
      return (await saved(dialog, parent, 'New case', cases, suggestedName)).map(withCaseExtension)
    case 'save':
      return saved(dialog, parent, 'Save', anything, suggestedName)
    case 'evidence':
      return chooseEvidence(dialog, parent, platform)
    default:
      return assertNever(purpose)
  }
}

/** Only macOS has one dialog for files and folders; elsewhere the person says first which. */
async function chooseEvidence(
  dialog: Dialog,
  parent: BrowserWindow,
  platform: NodeJS.Platform,
): Promise<readonly string[]> {
  const title = 'Choose evidence'
  if (platform === 'darwin')
    return opened(
      await dialog.showOpenDialog(parent, { title, properties: ['openFile', 'openDirectory', 'multiSelections'] }),
    )
  const { response } = await dialog.showMessageBox(parent, {
    title,
    message: 'What do you have?',
    detail: 'A folder is read with everything in it. Files may be logs, digests, keys or archives.',
    buttons: ['A folder', 'Files', 'Cancel'],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  })
  if (response === 2) return []
  return opened(
    await dialog.showOpenDialog(parent, {
      title,
      properties: [response === 0 ? 'openDirectory' : 'openFile', 'multiSelections', 'showHiddenFiles'],
    }),
  )
}

const opened = ({ canceled, filePaths }: { canceled: boolean; filePaths: string[] }): readonly string[] =>
  canceled ? [] : filePaths

async function saved(
  dialog: Dialog,
  parent: BrowserWindow,
  title: string,
  filters: FileFilter[],
  suggestedName: string | undefined,
): Promise<readonly string[]> {
  const name = suggestedName === undefined ? '' : plainFileName(suggestedName)
  const { canceled, filePath } = await dialog.showSaveDialog(parent, {
    title,
    filters,
    properties: ['createDirectory', 'showOverwriteConfirmation'],
    ...(name !== '' && { defaultPath: name }),
  })
  return canceled || filePath === '' ? [] : [filePath]
}

const withCaseExtension = (path: string): string => (extname(path) === '' ? `${path}.trailcase` : path)

/**
 * A suggested name comes from the window, and may be made of case data: only a name is left of it, without folders and
 * without characters that a file system or a reader would take for something else.
 */
export function plainFileName(text: string): string {
  const name = basename(text.replaceAll('\\', '/'))

  const plain = name.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f<>:"|?*]/g, '_')
  return plain.replace(/^\.+/, '').slice(0, 150)
}
