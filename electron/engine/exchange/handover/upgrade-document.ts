import { documentNames } from './documents.ts'

type DocumentName = (typeof documentNames)['case' | 'index' | 'operations' | 'transfers']

/**
 * What brings the documents of one package version to the next: a function for each document whose form changed. It gets the value of the document, or of
 * one line of it, before anything is checked: a stranger may have written it.
 */
export type UpgradeStep = Readonly<Partial<Record<DocumentName, (value: unknown) => unknown>>>

/** The first step brings version 1 to 2, and so on: one fewer than there are versions. Version 1 is the first, so there is none yet. */
export const upgradeSteps: readonly UpgradeStep[] = []

/**
 * A document, or a line of one, in the form of the present version: it goes through every step from the version it was written in. Its schema
 * is checked afterwards, once, so that a step need not check.
 */
export const upgraded = (
  name: string,
  value: unknown,
  version: number,
  steps: readonly UpgradeStep[] = upgradeSteps,
): unknown => steps.slice(version - 1).reduce((now, step) => step[name as DocumentName]?.(now) ?? now, value)
