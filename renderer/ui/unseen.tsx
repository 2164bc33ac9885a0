import type { ReactNode } from 'react'
import css from './unseen.module.css'

export type UnseenProps = {
  readonly as?: 'span' | 'h1' | 'h2' | 'ul'
  readonly id?: string
  readonly children: ReactNode
}

/** What a screen reader says and nobody sees: the heading of a page whose purpose is plain to the eye, the words of a picture. */
export const Unseen = ({ as: Tag = 'span', id, children }: UnseenProps) => (
  <Tag id={id} className={css['unseen']}>
    {children}
  </Tag>
)
