import { useMemo } from 'react'
import { ianaZone, UTC, type Zone } from '#shared/base/zone.ts'
import { useWorkspace } from './workspace.ts'

/** The zone in which times are shown; UTC where a name is not known. */
export function useZone(): Zone {
  const name = useWorkspace((w) => w.zone)
  return useMemo(() => {
    const zone = ianaZone(name)
    return zone.ok ? zone.value : UTC
  }, [name])
}
