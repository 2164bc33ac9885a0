import { documentFields, termFields } from '#shared/domain/fields.ts'
import type { ExportEvent } from '#shared/domain/export.ts'
import { recordText } from './event-facts.ts'
import { compactJson, isJson } from './json-text.ts'
