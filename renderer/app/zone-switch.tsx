import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { Select } from '#renderer/ui/select.tsx'
import { ianaZone } from '#shared/base/zone.ts'
import { useKeyCommands } from '#renderer/ui/use-keys.tsx'

/** UTC, or the zone of the case beside it. */
export function ZoneSwitch() {
  const { header } = useOpenCase()
  const zone = useWorkspace((w) => w.zone)
  const setZone = useWorkspace((w) => w.setZone)
  const other = header.zone !== '' && header.zone !== 'UTC' && ianaZone(header.zone).ok ? header.zone : undefined
  useKeyCommands(
    other === undefined
      ? []
      : [
          {
            id: 'zone',
            label: zone === 'UTC' ? `Show times in ${other} too` : 'Show times in UTC only',
            keys: [],
            scope: 'Everywhere',
            run: () => setZone(zone === 'UTC' ? other : 'UTC'),
          },
        ],
  )
  return (
    <Select
      look="inline"
      hideLabel
      label="Time zone"
      value={other !== undefined && zone === other ? other : 'UTC'}
      onChange={setZone}
      options={[{ id: 'UTC', label: 'UTC' }, ...(other === undefined ? [] : [{ id: other, label: other }])]}
    />
  )
}
