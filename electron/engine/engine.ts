import { resolve } from 'node:path'
import type { CaseId } from '#shared/contract/common.ts'
import type { EngineAccess, EngineHandlers, Host } from './engine-access.ts'
import type { EngineSetting } from './engine-setting.ts'
import { OpenCase, type Examiner } from './open-case.ts'
import { acquireHandlers } from './operations/acquire-handlers.ts'
import { annotationHandlers } from './operations/annotation-handlers.ts'
import { caseHandlers } from './operations/case-handlers.ts'
import { eventHandlers } from './operations/event-handlers.ts'
import { exchangeHandlers } from './operations/exchange-handlers.ts'
import { exploreHandlers } from './operations/explore-handlers.ts'
import { exportHandlers } from './operations/export-handlers.ts'
import { integrityHandlers } from './operations/integrity-handlers.ts'
import { loggingViews } from './operations/log-views.ts'
import { readBackHandlers } from './operations/read-back-handlers.ts'
import { relatedHandlers } from './operations/related-handlers.ts'
import { reportHandlers } from './operations/report-handlers.ts'
import { sourceHandlers } from './operations/source-handlers.ts'
import { timelineHandlers } from './operations/timeline-handlers.ts'
import { validationHandlers } from './operations/validation-handlers.ts'
import { Refusal } from './refusal.ts'

/** The forensic engine: everything that can be asked of cases, without window, terminal or network. */
export class Engine implements EngineAccess {
  readonly setting: EngineSetting
  readonly host: Host
  readonly handlers: EngineHandlers
  readonly #cases = new Map<CaseId, OpenCase>()

  constructor(setting: EngineSetting, host: Host) {
    this.setting = setting
    this.host = host
    this.handlers = loggingViews(this, {
      ...caseHandlers(this),
      ...sourceHandlers(this),
      ...acquireHandlers(this),
      ...integrityHandlers(this),
      ...eventHandlers(this),
      ...exploreHandlers(this),
      ...exportHandlers(this),
      ...annotationHandlers(this),
      ...readBackHandlers(this),
      ...reportHandlers(this),
      ...relatedHandlers(this),
      ...timelineHandlers(this),
      ...exchangeHandlers(this),
      ...validationHandlers(this),
    })
  }

  /** The open case of that id. @throws Refusal `not-found`. */
  case(id: CaseId): OpenCase {
    const open = this.#cases.get(id)
    if (!open) throw new Refusal('not-found', 'This case is not open any more. Open it again.')
    return open
  }

  async create(path: string, header: Parameters<typeof OpenCase.create>[1], examiner: Examiner): Promise<OpenCase> {
    return this.#keep(await OpenCase.create(path, header, examiner, this.setting))
  }

  /** A case that is open here already is given again: a window that was loaded anew finds its case instead of its own lock. */
  async open(path: string, examiner: Examiner | null): Promise<OpenCase> {
    for (const open of this.#cases.values())
      if (resolve(open.file.path) === resolve(path)) {
        if (!open.examiner && examiner) await open.begin(examiner)
        return open
      }
    return this.#keep(await OpenCase.open(path, examiner, this.setting))
  }

  async #keep(open: OpenCase): Promise<OpenCase> {
    this.#cases.set(open.id, open)
    const header = await open.header()
    this.host.opened(open.file.path, header.title, header.number)
    return open
  }

  async close(id: CaseId): Promise<boolean> {
    const open = this.#cases.get(id)
    if (!open) return false
    this.#cases.delete(id)
    await open.close()
    return true
  }

  async closeAll(): Promise<void> {
    for (const id of [...this.#cases.keys()]) await this.close(id)
  }
}
