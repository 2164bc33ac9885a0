import type { EngineAccess, EngineHandlers } from '../engine-access.ts'
import { inspectPackage } from '../exchange/handover/inspect-package.ts'
import { listTransfers } from '../exchange/handover/list-transfers.ts'
import { mergeCase, previewMerge } from '../exchange/handover/merge-case.ts'
import { estimatePackage, packCase } from '../exchange/handover/pack-case.ts'
import { unpackCase } from '../exchange/handover/unpack-case.ts'
import { saveNewKey } from '../exchange/save-key.ts'
import { Refusal, type RefusalCode } from '../refusal.ts'
import { saveTransferForm } from './save-transfer-form.ts'

type Names =
  | 'packages.keygen'
  | 'packages.pack'
  | 'packages.inspect'
  | 'packages.unpack'
  | 'packages.mergePreview'
  | 'packages.merge'
  | 'packages.estimate'
  | 'packages.transfers'
  | 'packages.transferForm'

/** Cases that leave as packages and come back. */
export function exchangeHandlers(engine: EngineAccess): Pick<EngineHandlers, Names> {
  return {
    'packages.keygen': async ({ grant, passphrase }) => {
      const saved = await saveNewKey(engine.host.spend(grant), passphrase)
      if (!saved.ok) throw new Refusal(keyRefusals[saved.code], saved.message)
      return saved.value
    },
    'packages.pack': ({ caseId, grant, ...wish }, { signal, progress }) =>
      packCase(engine.case(caseId), { ...wish, path: engine.host.spend(grant) }, progress, signal),
    'packages.estimate': ({ caseId, scope }) => estimatePackage(engine.case(caseId), scope),
    'packages.transfers': async ({ caseId }) => ({ transfers: await listTransfers(engine.case(caseId).file.reader) }),
    'packages.transferForm': ({ caseId, seq, grant, paper }, { signal }) =>
      saveTransferForm(engine.case(caseId), seq, paper, engine.host.spend(grant), signal),
    'packages.inspect': ({ grant, keys, ...secrets }, { signal, progress }) =>
      inspectPackage(
        {
          path: engine.host.spend(grant),
          keys,
          secrets,
          temporaryFolder: engine.setting.temporaryFolder,
          now: engine.setting.now,
        },
        progress,
        signal,
      ),
    'packages.mergePreview': ({ caseId, grant, keys, ...secrets }, { signal, progress }) =>
      previewMerge(engine.case(caseId), { path: engine.host.spend(grant), keys, secrets }, progress, signal),
    'packages.merge': async ({ caseId, grant, keys, ...secrets }, { signal, progress }) => {
      const open = engine.case(caseId)
      const found = await mergeCase(open, { path: engine.host.spend(grant), keys, secrets }, progress, signal)
      return { ...found, info: await open.info() }
    },
    'packages.unpack': async ({ grant, target, examiner, keys, ...secrets }, { signal, progress }) => {
      const [path, made] = [engine.host.spend(grant), engine.host.spend(target)]
      const found = await unpackCase(engine.setting, { path, target: made, examiner, keys, secrets }, progress, signal)
      return { info: await (await engine.open(made, examiner)).info(), ...found }
    },
  }
}

const keyRefusals = {
  EXISTS: 'already-exists',
  NO_SPACE: 'disk-full',
  NOT_WRITABLE: 'unreadable',
} as const satisfies Record<string, RefusalCode>
