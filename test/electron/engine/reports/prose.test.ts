import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textsOf } from '#engine/reports/blocks.ts'
import { proseBlocks } from '#engine/reports/prose.ts'
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
