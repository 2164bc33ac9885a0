import { useMemo } from 'react'
import { useWorkspace } from '#renderer/client/workspace.ts'
import { ianaZone, UTC, type Zone } from '#renderer/ui/zone.ts'

/** The zone in which times are shown; UTC where its name is not known. */
export function useZone(): Zone {
  const name = useWorkspace((w) => w.zone)
  return useMemo(() => {
    const zone = ianaZone(name)
    return zone.ok ? zone.value : UTC
  }, [name])
}
