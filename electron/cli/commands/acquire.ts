import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { bytes, counted, grouped } from '#shared/base/count.ts'
import { formatUtc, utcMs, type UtcMs } from '#shared/base/time.ts'
import {
  acquireWish,
  type AcquireCredentials,
  type AcquirePlan,
  type AcquireProgress,
  type AcquireResult,
  type AcquireWish,
} from '#shared/contract/acquire.ts'
import type { CaseId } from '#shared/contract/common.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import { parseS3Address } from '#shared/domain/s3-address.ts'
import { forkAcquireHost, runAcquireProcess } from '#electron/web-host/acquire-process.ts'
import { acquisitionCommands } from '#engine/integrity/acquisition-help.ts'
import { collect, time, wholeNumber, wrongUsage } from '../arguments.ts'
import type { Cli } from '../cli.ts'
import { CliFailure, toCliFailure } from '../failure.ts'
import {
  builtFolder,
  casePath,
  examinerOf,
  requireExaminer,
  withSession,
  type Examiner,
  type Session,
} from '../session.ts'
import type { Terminal } from '../terminal.ts'
import { tableLines } from '../text.ts'
import { commit, version } from '../version.ts'
import { importLines, openOrMake, progressText } from './import.ts'

type Options = {
  out?: string
  case?: string
  endpoint?: string
  profile?: string
  bucketRegion?: string
  pathStyle?: boolean
  account?: readonly string[]
  region?: readonly string[]
  kind?: readonly string[]
  from?: UtcMs
  to?: UtcMs
  olderVersions?: true
  concurrency?: number
  dryRun?: true
  printCommands?: true
  examiner?: string
  json?: true
}
type Imported = OutputOf<'acquire.import'>

export function addAcquire(program: Command, { terminal, outcome }: Cli): void {
  const command = program
    .command('acquire')
    .description('fetch CloudTrail logs and digests from S3, with the signatures that other downloads lose')
    .argument('<s3-url>', 's3://BUCKET, or s3://BUCKET/PREFIX where the trail has a prefix')
    .option('--out <dir>', 'write to this folder; one that was begun is continued')
    .option('--case <case>', 'import into this case when it is fetched')
    .option('--dry-run', 'only say what would be fetched, and what it would cost')
    .option('--print-commands', 'print the commands for the AWS CLI that fetch the same, and ask nothing')
    .option('--profile <name>', 'access key of this profile; otherwise AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY')
    .option('--endpoint <url>', 'an S3-compatible store other than AWS')
    .option('--bucket-region <name>', 'where the bucket lies')
    .option('--path-style', 'the bucket in the path of addresses (with --endpoint unless told otherwise)')
    .option('--no-path-style', 'the bucket before the host name')
    .option('--account <id>', 'only of this account; may be repeated', collect)
    .option('--region <name>', 'only for calls made in this region; may be repeated', collect)
    .option('--kind <name>', 'only this folder: CloudTrail, CloudTrail-Digest, …; may be repeated', collect)
    .option('--from <time>', 'only what was delivered from this time on', time)
    .option('--to <time>', 'only what can hold events before this time', time)
    .option('--older-versions', 'also fetch versions that were replaced or deleted')
    .option('--concurrency <n>', 'requests at the same time, 1 to 64', wholeNumber(1))
    .option('--examiner <name>', 'who acquires (or TRAILCASE_EXAMINER)')
    .option('--json', 'one JSON value on stdout')
  command.action(async (url: string, options: Options) => {
    const wish = wishOf(command, url, options)
    if (options.printCommands) return terminal.write(commandsOf(wish))
    const credentials = credentialsOf(terminal, options.profile)
    if (options.dryRun) {
      const { plan } = await run(terminal, wish, credentials, null, undefined)
      if (options.json) return terminal.json({ plan })
      for (const line of planLines(plan)) await terminal.line(line)
      return
    }
    const { result, imported, folder } = await fetchTo(command, terminal, wish, credentials, options)
    if (lost(result) > 0 || imported?.imported.integrity.clean === false) outcome.code = 1
    if ((imported?.acquisition.changed.length ?? 0) > 0) outcome.code = 1
    if (options.json) return terminal.json({ ...result, folder, ...imported })
    for (const line of resultLines(result, folder)) await terminal.line(line)
    if (imported) for (const line of importLines(imported.imported, options.case ?? '')) await terminal.line(line)
  })
}

function wishOf(command: Command, url: string, options: Options): AcquireWish {
  const address = parseS3Address(url)
  if (!address) return wrongUsage(command, 'Write the bucket as s3://BUCKET or s3://BUCKET/PREFIX.')
  const parsed = acquireWish.safeParse({
    ...address,
    endpoint: options.endpoint ?? null,
    bucketRegion: options.bucketRegion ?? null,
    pathStyle: options.pathStyle ?? null,
    accounts: options.account,
    regions: options.region,
    kinds: options.kind,
    from: options.from,
    to: options.to,
    olderVersions: options.olderVersions ?? false,
    concurrency: options.concurrency,
  })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  return wrongUsage(command, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'does not fit'}`)
}

/** Keys are given by a person, in the environment of this command or as a profile by name. Nothing else is looked for. */
function credentialsOf(terminal: Terminal, profile: string | undefined): AcquireCredentials {
  if (profile !== undefined) return { kind: 'profile', name: profile }
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = terminal.env
  if (!id || !secret)
    throw new CliFailure(
      'bad-input',
      'There are no keys to ask S3 with. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN for those of a role), or name a profile with --profile.',
    )
  return { kind: 'keys', accessKeyId: id, secretAccessKey: secret, ...(token ? { sessionToken: token } : {}) }
}

/** CloudTrail began on that day: with it, the commands ask for every key there ever was. */
const FIRST_TRAIL = utcMs(Date.UTC(2013, 10, 13))

function commandsOf(wish: AcquireWish): string {
  return acquisitionCommands({
    bucket: wish.bucket,
    prefix: wish.prefix.replace(/\/?(AWSLogs(\/.*)?)?$/s, ''),
    from: formatUtc(wish.from ?? FIRST_TRAIL),
    to: formatUtc(wish.to ?? utcMs(Math.floor(Date.now() / 1000) * 1000)),
  })
}

async function fetchTo(
  command: Command,
  terminal: Terminal,
  wish: AcquireWish,
  credentials: AcquireCredentials,
  options: Options,
): Promise<{ result: AcquireResult; imported?: Imported; folder: string }> {
  const { out, case: into } = options
  if (into === undefined) {
    if (out === undefined)
      wrongUsage(command, 'Say where to: --out DIR, or --case CASE. With --dry-run nothing is fetched.')
    const folder = resolve(out)
    return { result: await runTo(terminal, wish, credentials, folder, examinerOf(terminal, options.examiner)), folder }
  }
  const examiner = requireExaminer(terminal, options.examiner)
  return withSession(terminal, async (session) => {
    // The case first: one that is locked or cannot be made is known before anything is fetched.
    const { caseId } = await openOrMake(session, into, examiner)
    const folder = resolve(out ?? `${casePath(into)}.acquired`)
    const result = await runTo(terminal, wish, credentials, folder, examiner)
    const imported = await importFolder(session, terminal, caseId, folder)
    if (out === undefined && imported.holdsAll && lost(result) === 0) await rm(folder, { recursive: true, force: true })
    return { result, imported, folder }
  })
}

const importFolder = (session: Session, terminal: Terminal, caseId: CaseId, folder: string): Promise<Imported> =>
  session.ask(
    'acquire.import',
    { caseId, grant: session.grant(folder, 'evidence') },
    { progress: (p) => terminal.progress(progressText(p)) },
  )

async function runTo(
  terminal: Terminal,
  wish: AcquireWish,
  credentials: AcquireCredentials,
  folder: string,
  examiner: Examiner | undefined,
): Promise<AcquireResult> {
  const { result } = await run(terminal, wish, credentials, folder, examiner)
  if (!result) throw new CliFailure('internal', 'The acquisition ended without a result. Please run it again.')
  if (result.ending === 'stopped')
    throw new CliFailure(
      'cancelled',
      `Stopped as you asked. ${grouped(result.fetched.objects + result.alreadyThere.objects)} of ${counted(result.plan.objects, 'object')} are in ${folder}; the same command continues.`,
    )
  return result
}

async function run(
  terminal: Terminal,
  wish: AcquireWish,
  credentials: AcquireCredentials,
  folder: string | null,
  examiner: Examiner | undefined,
): Promise<{ plan: AcquirePlan; result: AcquireResult | null }> {
  let plan: AcquirePlan | undefined
  const reply = await runAcquireProcess(
    forkAcquireHost(builtFolder),
    {
      wish,
      credentials,
      actor: { examiner: examiner?.name ?? null, tool: { name: 'Trailcase', version, commit } },
      folder,
    },
    {
      progress: (p) => terminal.progress(acquireText(p)),
      planned: (made) => (plan = made),
      log: (text) => {
        if (terminal.env['TRAILCASE_DEBUG'] !== undefined) terminal.say(text)
      },
    },
    terminal.signal,
  )
  terminal.progress('')
  if (!reply.ok) throw toCliFailure(reply)
  if (!plan) throw new CliFailure('internal', 'The acquisition ended without a plan. Please run it again.')
  return { plan, result: reply.value }
}

/** Objects that should be there and are not. */
const lost = (result: AcquireResult): number =>
  result.notFetched.objects - (result.notFetched.reasons.find((r) => r.reason === 'folder-marker')?.objects ?? 0)

function acquireText(p: AcquireProgress): string {
  if (p.phase === 'listing') return `${counted(p.listed, 'object')} listed`
  const parts = [
    `${grouped(p.objects)} of ${counted(p.objectsTotal, 'object')}`,
    `${bytes(Math.max(0, p.bytes))} of ${bytes(p.bytesTotal)}`,
  ]
  if (p.notFetched > 0) parts.push(`${grouped(p.notFetched)} not fetched`)
  if (p.retries > 0) parts.push(counted(p.retries, 'retry', 'retries'))
  return [...parts, ...(p.phase === 'closing' ? ['writing the manifest'] : [])].join(' · ')
}

const versioningWords: Readonly<Record<AcquirePlan['versioning'], string>> = {
  on: 'keeps older versions',
  suspended: 'kept older versions once',
  off: 'keeps no older versions',
  unknown: 'does not say whether it keeps older versions',
}

/** What would be fetched, for a person. */
function planLines(plan: AcquirePlan): string[] {
  const { cost } = plan
  return [
    `${counted(plan.objects, 'object')}, ${bytes(plan.bytes)}, on ${counted(plan.days, 'day')}; ${counted(plan.leftOut, 'other object')} listed and left out.`,
    ...tableLines(
      plan.groups.map((g) => [
        `  ${[g.organization, g.account].filter((part) => part !== '').join('/')}`,
        g.kind,
        g.region,
        counted(g.objects, 'object'),
        bytes(g.bytes),
        g.firstDay === null ? '' : `${g.firstDay} to ${g.lastDay ?? ''}`,
      ]),
    ),
    ...(plan.archived.objects === 0
      ? []
      : [
          `${counted(plan.archived.objects, 'object')} (${bytes(plan.archived.bytes)}) in an archive class: to be restored before they can be fetched.`,
        ]),
    `The bucket ${versioningWords[plan.versioning]}: ${counted(plan.olderVersions, 'older version')}, ${counted(plan.deleteMarkers, 'delete marker')}, ${counted(plan.deletedKeys, 'deleted object')}${plan.deletedKeys > 0 ? ' (fetch them with --older-versions)' : ''}.`,
    `Requests: ${grouped(cost.listRequests)} to list, ${grouped(cost.getRequests)} to get, about $${cost.requestsUsd.toFixed(4)}; transfer about $${cost.transferUsd.toFixed(2)}.`,
    `  ${cost.basis}`,
    ...plan.notes.map((note) => `Note: ${note}`),
  ]
}

const MOST_SHOWN = 20

function resultLines(result: AcquireResult, folder: string): string[] {
  const { plan, notFetched, alreadyThere } = result
  return [
    `Fetched ${grouped(result.fetched.objects)} of ${counted(plan.objects, 'object')} (${bytes(result.fetched.bytes)}) into ${folder} in ${result.seconds.toFixed(1)} s${alreadyThere.objects > 0 ? `; ${grouped(alreadyThere.objects)} were there already, whole` : ''}.`,
    `  signatures of digests: ${grouped(result.signatures)}; manifest SHA-256 ${result.manifestSha256}`,
    ...(notFetched.objects === 0
      ? []
      : [
          `Seen and not fetched: ${notFetched.reasons.map((r) => `${grouped(r.objects)} ${r.reason}`).join(', ')}; all in acquisition/not-fetched.jsonl.`,
        ]),
    ...notFetched.first.slice(0, MOST_SHOWN).map((one) => `  ${one.key}: ${one.detail}`),
    ...(plan.deletedKeys > 0
      ? [
          `${counted(plan.deletedKeys, 'object')} of the selection ${plan.deletedKeys === 1 ? 'was' : 'were'} deleted from the bucket; versions stand in acquisition/versions.jsonl.`,
        ]
      : []),
    ...plan.notes.map((note) => `Note: ${note}`),
    'The public keys that check the signatures are not in the bucket: step 3 of trailcase acquire --print-commands fetches them.',
  ]
}
