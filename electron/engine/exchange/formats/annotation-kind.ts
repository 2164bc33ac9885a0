import type { AnnotationFileKind } from '#shared/domain/annotation-import.ts'
import {
  analystAnnotationColumns,
  csvDelimiters,
  timesketchAnnotationColumns,
  type CsvDelimiter,
} from './read-annotations.ts'

export type AnnotationFileForm = { readonly kind: AnnotationFileKind; readonly delimiter: CsvDelimiter }

/** What a file looks like by its first bytes: Timesketch JSON lines, Timesketch CSV, or our own CSV, and what parts its cells. */
export function annotationFileForm(head: Uint8Array): AnnotationFileForm {
  const text = new TextDecoder().decode(head).trimStart()
  if (text.startsWith('{')) return { kind: 'timesketch', delimiter: ',' }
  const heading = text.slice(0, text.search(/[\r\n]|$/))
  const counts = csvDelimiters.map((delimiter) => heading.split(delimiter).length)
  const delimiter = csvDelimiters[counts.indexOf(Math.max(...counts))] ?? ','
  const names = heading.split(delimiter).map((name) => name.replaceAll('"', '').trim())
  const { ordinal, tags, time } = analystAnnotationColumns
  const isOurs = [ordinal, tags, time].some((name) => names.includes(name))
  const isTimesketch = [timesketchAnnotationColumns.ordinal, timesketchAnnotationColumns.time].some((name) =>
    names.includes(name),
  )
  return { kind: isOurs && !isTimesketch ? 'csv' : 'timesketch-csv', delimiter }
}
