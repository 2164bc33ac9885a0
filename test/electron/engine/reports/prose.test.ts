import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textsOf } from '#engine/reports/blocks.ts'
import { proseBlocks, proseLines } from '#engine/reports/prose.ts'
import { proseSpans } from '#shared/base/prose-spans.ts'

describe('small markdown', () => {
  it('knows paragraphs, items, strong, emphasis and code', () => {
    expect(proseBlocks('One\ntwo.\n\n- a **b**\n- `c`').map((block) => block.kind)).toEqual(['paragraph', 'list'])
    expect(proseSpans('a **b** *c* `d`')).toEqual([
      { text: 'a ', style: 'plain' },
      { text: 'b', style: 'strong' },
      { text: ' ', style: 'plain' },
      { text: 'c', style: 'emphasis' },
      { text: ' ', style: 'plain' },
      { text: 'd', style: 'mono' },
    ])
  })

  it('keeps numbers of items, lines of code as they are, and the address of a link beside its words', () => {
    const note = 'See [the ticket](https://example.org/T-1):\n1. one\n2. two\n```\na  **b**\n```\nend'
    expect(proseLines(note).map((line) => line.map((span) => span.text).join(''))).toEqual([
      'See the ticket (https://example.org/T-1):',
      '1. one',
      '2. two',
      'a  **b**',
      'end',
    ])
    expect(proseLines('- `x`\n- y')).toEqual([
      [
        { text: '• ', style: 'plain' },
        { text: 'x', style: 'mono' },
      ],
      [
        { text: '• ', style: 'plain' },
        { text: 'y', style: 'plain' },
      ],
    ])
    expect(proseLines('[run](javascript:alert)').flat()).toEqual([{ text: '[run](javascript:alert)', style: 'plain' }])
  })

  it('prints code whose end is missing', () => {
    expect(proseBlocks('```\nrm -r')).toEqual([{ kind: 'code', lines: ['rm -r'], numbered: false }])
  })

  it('keeps every letter and digit of any text', () => {
    const letters = (text: string) => text.replace(/[^\p{L}\p{N}]/gu, '')
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '1', ' ', '*', '`', '-', '\n', 'ä') }), (text) => {
        expect(
          letters(
            proseBlocks(text)
              .flatMap((block) => [...textsOf(block)])
              .join(''),
          ),
        ).toBe(letters(text))
      }),
      { numRuns: 200 },
    )
  })
})
