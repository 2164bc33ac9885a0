import { Fragment } from 'react'
import { visible } from '#shared/base/visible.ts'
import type { LakeResult } from '#shared/contract/integrity.ts'
import { Mark, type MarkKind } from '#renderer/ui/mark.tsx'
import css from './integrity.module.css'

const kinds: Readonly<Record<LakeResult['files'][number]['verdict'], MarkKind>> = {
  unchanged: 'proven',
  altered: 'altered',
  missing: 'missing',
}

/** Saved CloudTrail Lake queries: what their sign files say about their result files. */
export function LakePanel({ results }: { readonly results: readonly LakeResult[] }) {
  return (
    <ul className={css['scroll']} aria-label="Lake results">
      {results.map((one) => (
        <li key={one.path} className={css['lake']}>
          <h3>
            <Mark
              kind={one.proven ? 'proven' : one.signature === 'SIGNATURE_INVALID' ? 'altered' : 'listed'}
              word={one.proven ? 'proven' : 'not proven'}
            />{' '}
            <code>{visible(one.path)}</code>
          </h3>
          <p>{visible(one.sentence)}</p>
          <dl>
            {one.files.map((file) => (
              <Fragment key={file.fileName}>
                <dt>
                  <Mark
                    kind={file.verdict === 'unchanged' && !one.proven ? 'listed' : kinds[file.verdict]}
                    word={file.verdict}
                  />{' '}
                  <code>{visible(file.fileName)}</code>
                </dt>
                <dd>
                  expected <code>{visible(file.expected)}</code>
                  {file.found !== null && file.found !== file.expected && (
                    <>
                      {' '}
                      found <code>{visible(file.found)}</code>
                    </>
                  )}
                </dd>
              </Fragment>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  )
}
