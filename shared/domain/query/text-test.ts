import { assertNever } from '../../base/assert.ts'
import type { Comparison, NumberOperator } from './ast.ts'
import { toNumber } from './comparison.ts'
import { networkTest } from './network.ts'
import { insideTest, wholeTest } from './pattern.ts'
import { compileRegex } from './regex.ts'
import { fold } from './words.ts'

export type TextTest = (text: string) => boolean

/** What a comparison says about one text, whichever field it comes from. */
export function textTest(node: Comparison): TextTest {
  switch (node.kind) {
    case 'equals': {
      const wanted = fold(node.value)
      return (text) => fold(text) === wanted
    }
    case 'wildcard':
      return wholeTest(node.pattern)
    case 'present':
      return () => true
    case 'network':
      return networkTest(node.network)
    case 'regex':
      return regexTest(node.source)
    case 'number':
      return numberTest(node.operator, node.value)
    case 'text':
      return insideTest(node.pattern)
    default:
      return assertNever(node)
  }
}

function regexTest(source: string): TextTest {
  const compiled = compileRegex(source)
  if (!compiled.ok)
    throw new Error(
      `This should not happen: the parser let pass a regular expression that does not compile: ${compiled.reason}`,
    )
  return compiled.test
}

function numberTest(operator: NumberOperator, value: number): TextTest {
  const compare = comparer(operator)
  return (text) => {
    const number = toNumber(text)
    return number !== undefined && compare(number, value)
  }
}

function comparer(operator: NumberOperator): (a: number, b: number) => boolean {
  switch (operator) {
    case '<':
      return (a, b) => a < b
    case '<=':
      return (a, b) => a <= b
    case '>':
      return (a, b) => a > b
    case '>=':
      return (a, b) => a >= b
    default:
      return assertNever(operator)
  }
}
