/**
 * What a file is called, in both hosts, on the command line and in the installers (`build/electron-builder.json`): a double click must mean the same
 * everywhere. A package may be called `.tcase` alone, because Windows and macOS know a file by what follows its last dot.
 */
export const isCaseName = (name: string): boolean => /\.trailcase$/i.test(name)
export const isPackageName = (name: string): boolean => /\.tcase(\.zip)?(\.age)?$/i.test(name)
