import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { failed, ok, type Result } from '#shared/base/result.ts'
import type { FontName } from './layout/type-style.ts'

/** The bytes of the TrueType fonts that are embedded in every PDF. */
export type ReportFonts = { readonly [name in FontName]: Uint8Array }

const files: { readonly [name in FontName]: { readonly module: string; readonly file: string } } = {
  sans: { module: '@expo-google-fonts/noto-sans/400Regular', file: 'NotoSans_400Regular.ttf' },
  sansBold: { module: '@expo-google-fonts/noto-sans/600SemiBold', file: 'NotoSans_600SemiBold.ttf' },
  sansItalic: { module: '@expo-google-fonts/noto-sans/400Regular_Italic', file: 'NotoSans_400Regular_Italic.ttf' },
  mono: { module: '@expo-google-fonts/jetbrains-mono/400Regular', file: 'JetBrainsMono_400Regular.ttf' },
}

/** The font files that a package of the program must carry, as module paths: they are copied to `fontFolder`. */
export const reportFontFiles: readonly string[] = Object.values(files).map(({ module, file }) => `${module}/${file}`)

/**
 * Reads the fonts from `fontFolder` (a packaged program), else from the installed modules (a checkout).
 * Fails with FONTS_MISSING and the name of the first file that is nowhere.
 */
export function loadReportFonts(fontFolder: string): Result<ReportFonts, 'FONTS_MISSING'> {
  const fonts: Partial<Record<FontName, Uint8Array>> = {}
  for (const [name, { module, file }] of Object.entries(files) as [FontName, { module: string; file: string }][]) {
    const bytes = readFont(join(fontFolder, file)) ?? readModuleFont(`${module}/${file}`)
    if (!bytes)
      return failed(
        'FONTS_MISSING',
        `The font ${file} for reports was not found in ${fontFolder}. Install the program again.`,
      )
    fonts[name] = bytes
  }
  return ok(fonts as ReportFonts)
}

function readFont(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}

function readModuleFont(path: string): Uint8Array | undefined {
  try {
    return readFileSync(createRequire(import.meta.url).resolve(path))
  } catch {
    return undefined
  }
}
