import type { UtcMs } from '../../base/time.ts'
import type { DocumentField, IdentifierField, TermField } from '../fields.ts'
import type { Pattern } from './pattern.ts'

/** Offsets in the query text, in UTF-16 units; `end` is exclusive. */
export type Span = { readonly start: number; readonly end: number }

/**
 * Which texts a term's value offers for comparison: itself; the service in `s3.amazonaws.com`; or itself and the names
 * in an ARN (see `views.ts`).
 */
export type View = 'whole' | 'service' | 'name'

/** A field that holds texts. `path` leads into the document, arrays are walked; the empty path is the whole document. */
export type TextField =
  | { readonly kind: 'term'; readonly field: TermField; readonly view: View }
  | { readonly kind: 'document'; readonly field: DocumentField; readonly path: readonly string[] }
  | { readonly kind: 'identifier'; readonly field: IdentifierField }
  | { readonly kind: 'tag' }
  | { readonly kind: 'integrity' }

/** Every field: all terms, all keys and values in documents, all identifiers. Not tags, verdicts or the time. */
export type AnyField = { readonly kind: 'any' }

/** What a field name in a query stands for. */
export type FieldRef = TextField | { readonly kind: 'time' } | { readonly kind: 'bookmark' }

export type NumberOperator = '<' | '<=' | '>' | '>='

/** One comparison with the texts of an event. */
export type Comparison =
  /** The whole text, without regard to case. */
  | { readonly kind: 'equals'; readonly field: TextField; readonly value: string; readonly span: Span }
  /** The whole text fits a pattern with `*` or `?`. */
  | { readonly kind: 'wildcard'; readonly field: TextField; readonly pattern: Pattern; readonly span: Span }
  /** There is a value; JSON null is none, an empty text is one. */
  | { readonly kind: 'present'; readonly field: TextField; readonly span: Span }
  /** An address in the network, in any spelling. `network` is canonical CIDR. */
  | { readonly kind: 'network'; readonly field: TextField | AnyField; readonly network: string; readonly span: Span }
  /** RE2 syntax, found anywhere in the text. */
  | { readonly kind: 'regex'; readonly field: TextField | AnyField; readonly source: string; readonly span: Span }
  /** A number, or a text that is one. */
  | {
      readonly kind: 'number'
      readonly field: TextField
      readonly operator: NumberOperator
      readonly value: number
      readonly span: Span
    }
  /** Free text: found inside any text, from word edge to word edge (see `insideTest`). */
  | { readonly kind: 'text'; readonly pattern: Pattern; readonly span: Span }

/** A question about an event that is not about its texts. */
export type Fact =
  | { readonly kind: 'all'; readonly span: Span }
  /** `from`: at that moment or later. `before`: earlier. */
  | { readonly kind: 'time'; readonly bound: 'from' | 'before'; readonly at: UtcMs; readonly span: Span }
  | { readonly kind: 'bookmark'; readonly bookmarked: boolean; readonly span: Span }

/**
 * A parsed query. `and` and `or` have two or more children, none of their own kind. Spans include parentheses and signs;
 * a member of `field:(a b)` has the place of its value alone.
 */
export type QueryNode =
  | Comparison
  | Fact
  | { readonly kind: 'not'; readonly child: QueryNode; readonly span: Span }
  | { readonly kind: 'and'; readonly children: readonly QueryNode[]; readonly span: Span }
  | { readonly kind: 'or'; readonly children: readonly QueryNode[]; readonly span: Span }

/** The text without its places, so that equal questions have equal keys. */
export const queryKey = (node: QueryNode): string =>
  JSON.stringify(node, (key, value: unknown) => (key === 'span' ? undefined : value))

/** Whether two queries ask the same in the same way, wherever they stand in their texts. */
export const sameQuery = (a: QueryNode, b: QueryNode): boolean => queryKey(a) === queryKey(b)

/** Joins with AND or OR: one child stays itself, children of the same kind are taken in. */
export function joined(kind: 'and' | 'or', children: readonly QueryNode[], span: Span): QueryNode {
  const flat = children.flatMap((child) => (child.kind === kind ? child.children : [child]))
  const [only] = flat
  return flat.length === 1 && only !== undefined ? only : { kind, children: flat, span }
}
