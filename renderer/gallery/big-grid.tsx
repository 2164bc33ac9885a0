import { useEffect, useRef } from 'react'
import { grouped } from '#shared/base/count.ts'
import { DataGrid, type GridHandle } from '../ui/grid/data-grid.tsx'
import { madeUpColumns } from './columns.tsx'
import { Unseen } from '../ui/unseen.tsx'
import css from './gallery.module.css'
import { madeUpRow } from './made-up.ts'

const COUNT = 10_000_000
const getRows = async (first: number, count: number) => {
  await new Promise((resolve) => setTimeout(resolve, 5))
  return Array.from({ length: count }, (_, i) => madeUpRow(first + i))
}

/** Ten million rows, for the test that reaches the last one; `window.bigGrid` is the grid's handle. */
export function BigGrid() {
  const grid = useRef<GridHandle>(null)
  useEffect(() => {
    Object.assign(window, { bigGrid: grid.current })
  }, [])
  return (
    <main className={css['whole']}>
      <Unseen as="h1">Ten million rows</Unseen>
      <DataGrid
        ref={grid}
        label="Ten million rows"
        rowCount={COUNT}
        columns={madeUpColumns}
        getRows={getRows}
        resultKey="big"
        footer={`${grouped(COUNT)} of ${grouped(COUNT)} rows`}
      />
    </main>
  )
}
