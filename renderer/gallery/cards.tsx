import { useMemo, useState, type ReactNode } from 'react'
import { Download, FileSearch, Filter, FolderOpen, Pause, Plus, Tag, Trash2 } from 'lucide-react'
import { Badge } from '../ui/badge.tsx'
import { BarPair } from '../ui/bar-pair.tsx'
import { Button, IconButton, Segments } from '../ui/button.tsx'
import { Checkbox } from '../ui/checkbox.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { DropZone } from '../ui/drop-zone.tsx'
import { Facts } from '../ui/facts.tsx'
import { FieldGroup, FieldPair, Form } from '../ui/form.tsx'
import { Keys } from '../ui/kbd.tsx'
import { Mark, MARK_KINDS } from '../ui/mark.tsx'
import { MenuButton } from '../ui/menu.tsx'
import { ProgressBar } from '../ui/progress-bar.tsx'
import { Select } from '../ui/select.tsx'
import { StatTile } from '../ui/stat-tile.tsx'
import { EmptyState, ErrorState, Skeleton } from '../ui/states.tsx'
import { TAG_STYLE_NAMES, TAG_STYLES, TagChip } from '../ui/tag-chip.tsx'
import { SearchField, TextField } from '../ui/text-field.tsx'
import { createToasts, Toasts } from '../ui/toast.tsx'
import { Toolbar, ToolbarSpace } from '../ui/toolbar.tsx'
import css from './gallery.module.css'

function Card({
  title,
  children,
  wide = false,
}: {
  readonly title: string
  readonly children: ReactNode
  readonly wide?: boolean
}) {
  return (
    <section className={wide ? css['cardWide'] : css['card']}>
      <h2 className={css['cardTitle']}>{title}</h2>
      {children}
    </section>
  )
}

/** Every small widget once, in the states it has. */
export function Cards() {
  const [text, setText] = useState('ACME-2026-014')
  const [zone, setZone] = useState<'utc' | 'berlin'>('utc')
  const [y, setY] = useState<'linear' | 'log'>('log')
  const [ticked, setTicked] = useState(true)
  const [dialog, setDialog] = useState(false)
  const toasts = useMemo(createToasts, [])
  return (
    <main className={css['cards']}>
      <h1 className={css['title']}>Widgets</h1>
      <Card title="Buttons">
        <div className={css['flow']}>
          <Button tone="primary" icon={Plus}>
            Add evidence
          </Button>
          <Button icon={Download} keys="Mod+e">
            Export
          </Button>
          <Button tone="quiet">Cancel</Button>
          <Button tone="danger" icon={Trash2}>
            Remove the tag
          </Button>
          <Button isDisabled>Not now</Button>
          <IconButton label="Filter" icon={Filter} keys="f" />
          <IconButton label="Pause" icon={Pause} isPressed />
          <Segments
            label="Scale"
            value={y}
            onChange={setY}
            options={[
              { id: 'linear', label: 'linear' },
              { id: 'log', label: 'log' },
            ]}
          />
          <MenuButton
            label="More"
            groups={[
              {
                id: 'a',
                heading: 'Row',
                actions: [
                  { id: 'tag', label: 'Tag', icon: Tag, keys: 't', onAction: () => undefined },
                  {
                    id: 'drop',
                    label: 'Delete the saved search',
                    icon: Trash2,
                    danger: true,
                    onAction: () => undefined,
                  },
                ],
              },
            ]}
          >
            <Button tone="quiet">More</Button>
          </MenuButton>
        </div>
      </Card>
      <Card title="Fields">
        <Form>
          <FieldPair>
            <TextField
              label="Case number"
              value={text}
              onChange={setText}
              description="As on the cover of the report"
            />
            <TextField label="Time" value="2023-13-10" onChange={() => undefined} mono error="There is no month 13." />
          </FieldPair>
          <FieldPair>
            <Select
              label="Zone"
              value={zone}
              onChange={setZone}
              options={[
                { id: 'utc', label: 'UTC' },
                { id: 'berlin', label: 'Europe/Berlin', detail: '+02:00' },
              ]}
            />
            <SearchField label="Find in service" value="" onChange={() => undefined} />
          </FieldPair>
          <FieldGroup legend="Noise">
            <Checkbox isSelected={ticked} onChange={setTicked}>
              Fold noise of the console
            </Checkbox>
            <Checkbox isSelected={false} isIndeterminate onChange={() => undefined}>
              All sources
            </Checkbox>
          </FieldGroup>
        </Form>
      </Card>
      <Card title="Facts">
        <Facts>
          <dt>Fingerprint</dt>
          <dd>7c1f 09ab 44d2 e810</dd>
          <dt>Held</dt>
          <dd>30,049 files</dd>
        </Facts>
      </Card>
      <Card title="Marks, badges, tags">
        <div className={css['flow']}>
          {MARK_KINDS.map((kind) => (
            <Mark key={kind} kind={kind} />
          ))}
        </div>
        <div className={css['flow']}>
          <Badge>write</Badge>
          <Badge tone="accent">exhibit 12</Badge>
          <Badge tone="good">reproduced</Badge>
          <Badge tone="warn">more is coming</Badge>
          <Badge tone="danger">denied</Badge>
          <Badge tone="info">TLP:AMBER</Badge>
        </div>
        <div className={css['flow']}>
          {TAG_STYLES.map((look) => (
            <TagChip key={look} name={TAG_STYLE_NAMES[look]} look={look} />
          ))}
          <TagChip name="removable" look={6} count="38" onPress={() => undefined} onRemove={() => undefined} />
        </div>
        <div className={css['flow']}>
          <Keys keys="Mod+Shift+z" /> <Keys keys="g e" /> <Keys keys="?" />
        </div>
      </Card>
      <Card title="Progress and loading">
        <ProgressBar
          label="Importing bucket-copy.zip"
          done={812_441}
          total={1_284_331}
          unit="events"
          rate={41_200}
          secondsLeft={12}
          detail="AWSLogs/210987654321/CloudTrail/eu-central-1/2023/07/10/…json.gz"
          onCancel={() => undefined}
        />
        <ProgressBar label="Looking through the folder" done={30_049} unit="files" />
        <Skeleton lines={3} />
      </Card>
      <Card title="Numbers" wide>
        <div className={css['tiles']}>
          <StatTile label="Events" value="1,284,331" detail="in 30,049 files" />
          <StatTile label="Proven" value="9,812" detail="of 9,815 log files" tone="good" onPress={() => undefined} />
          <StatTile label="Altered" value="2" detail="hash differs" tone="danger" onPress={() => undefined} />
          <StatTile label="Hours without evidence" value="14" detail="of 72" tone="warn" onPress={() => undefined} />
        </div>
      </Card>
      <Card title="What is different here">
        <div>
          <BarPair
            label="exfil-role"
            inside={{ share: 0.62, count: 702 }}
            outside={{ share: 0.01, count: 140 }}
            full={0.62}
          />
          <BarPair
            label="PutBucketPolicy"
            inside={{ share: 0.18, count: 204 }}
            outside={{ share: 0.004, count: 51 }}
            full={0.62}
          />
          <BarPair
            label="203.0.113.77"
            inside={{ share: 0.12, count: 136 }}
            outside={{ share: 0.09, count: 1204 }}
            full={0.62}
          />
        </div>
      </Card>
      <Card title="Nothing, and trouble">
        <EmptyState icon={FileSearch} title="No event matches" actions={<Button>Drop the last filter</Button>}>
          1,284,331 events were asked. The last filter, region is ap-south-1, took away the remaining 38.
        </EmptyState>
        <ErrorState
          title="The case could not be opened"
          safe="Nothing in it was changed."
          advice="Another Trailcase (process 4711, since 09:12Z) holds it. Close it there, or open a copy read-only."
          code="case-locked"
          actions={<Button>Open read-only</Button>}
        />
      </Card>
      <Card title="Drop, dialog, toasts">
        <DropZone
          title="Drop evidence here"
          hint="A folder, a zip or tar, single log files. They are read, never changed."
          onDrop={() => undefined}
          actions={<Button icon={FolderOpen}>Choose a folder</Button>}
        />
        <Toolbar label="Trials" plain>
          <Button onPress={() => setDialog(true)}>Open a dialog</Button>
          <Button
            onPress={() =>
              toasts.show({
                tone: 'done',
                text: '38 events tagged exfiltration',
                action: { label: 'Undo', run: () => undefined },
              })
            }
          >
            Show a toast
          </Button>
          <Button
            onPress={() =>
              toasts.show({
                tone: 'trouble',
                text: 'The disk is full. Whole files were kept; make room and run the import again.',
              })
            }
          >
            Show trouble
          </Button>
          <ToolbarSpace />
        </Toolbar>
      </Card>
      <Dialog
        title="Tag 1,204 events"
        isOpen={dialog}
        onClose={() => setDialog(false)}
        actions={
          <>
            <Button tone="quiet" onPress={() => setDialog(false)}>
              Cancel
            </Button>
            <Button tone="primary" onPress={() => setDialog(false)}>
              Tag them
            </Button>
          </>
        }
      >
        <p>All events of this search get the tag. It is written to the custody log and can be undone.</p>
      </Dialog>
      <Toasts queue={toasts} />
    </main>
  )
}
