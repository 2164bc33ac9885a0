// `node build/offline.mjs [--report FILE] -- COMMAND…`: runs a command where there is no network, and counts what reached for one.
//
// The command runs in a network namespace of its own whose only interface is loopback, so that servers on 127.0.0.1 work and nothing else does. The kernel counts
// every packet and every connection that found no way out (OutNoRoutes, RFC 4293, for IPv4 and IPv6). Names are looked up at an address that only exists
// in documents (192.0.2.53, RFC 5737), and the sockets of name services that would answer from outside are covered, so that asking for a name counts too.
//
// Ends with the command's exit code; with 1 when the command ended with 0 and something reached out; with 77 where the system allows no namespaces.
// FILE is JSON: {"code":0,"attempts":0}. Needs `unshare` and `perl`, which every Debian has.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Exit code for "could not be done here", as test runners know it. */
export const NOT_POSSIBLE = 77

const asRoot = process.getuid?.() === 0
/** A user who is not root gets a user namespace around it, where the system allows that. */
const namespaces = [...(asRoot ? [] : ['--map-root-user']), '--net', '--mount']

/** Why there can be no namespace here, or undefined. */
export function whyNotOffline() {
  if (process.platform !== 'linux') return 'network namespaces are a thing of Linux'
  const tried = spawnSync('unshare', [...namespaces, 'true'], { encoding: 'utf8' })
  if (tried.error) return 'there is no unshare (Debian: util-linux)'
  return tried.status === 0 ? undefined : `namespaces are not allowed here (${tried.stderr.trim()})`
}

/** Runs a command without a network: `{code, attempts}`. Its output goes where `stdio` says. */
export async function runOffline(command, { stdio = 'inherit', cwd, env = process.env } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'trailcase-offline-'))
  const report = join(folder, 'report.json')
  try {
    const inside = [process.execPath, import.meta.filename, '--inside', '--report', report, '--', ...command]
    const code = await exitCodeOf(spawn('unshare', [...namespaces, ...inside], { stdio, cwd, env }))
    if (!existsSync(report)) return { code, attempts: undefined }
    return JSON.parse(readFileSync(report, 'utf8'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const exitCodeOf = (child) =>
  new Promise((done) => {
    child.on('error', () => done(127))
    child.on('close', (code, signal) => done(code ?? (signal === 'SIGINT' ? 130 : 143)))
  })

/** Attempts that found no way out so far in this namespace: IPv4 and IPv6. */
function outgoingAttempts() {
  const [names, values] = readFileSync('/proc/self/net/snmp', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('Ip:'))
    .map((line) => line.split(' '))
  const four = Number(values[names.indexOf('OutNoRoutes')])
  const file = '/proc/self/net/snmp6'
  const six = existsSync(file) ? Number(/^Ip6OutNoRoutes\s+(\d+)/m.exec(readFileSync(file, 'utf8'))?.[1] ?? 0) : 0
  return four + six
}

const must = (command, ...args) => {
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr.trim()}`)
}

/**
 * What `ip link set lo up` and `ip -6 route add 2001:4860:4860::8888/128 dev lo` do, in Perl, which every Debian has: SIOCSIFFLAGS with IFF_UP and IFF_RUNNING,
 * SIOCADDRT with a struct in6_rtmsg. Chromium asks for a route to that one address to learn whether there is IPv6, and sends nothing: with the
 * route it is not counted. Where the kernel has no IPv6 it does not ask.
 */
const prepareLoopback = `use Socket qw(:DEFAULT inet_pton AF_INET6);
my $up = pack("a16s", "lo", 0x41);
socket(S, AF_INET, SOCK_DGRAM, 0) && ioctl(S, 0x8914, $up) or die "lo: $!";
socket(T, AF_INET6, SOCK_DGRAM, 0) or exit;
my $route = pack("a16x16x16LSSLx4QLl", inet_pton(AF_INET6, "2001:4860:4860::8888"), 0, 128, 0, 1, 0, 1, 1);
ioctl(T, 0x890b, $route)`

/** Makes loopback work, and lets every question for a name go to an address that is nobody's. */
function prepareNamespace(folder) {
  must('perl', '-e', prepareLoopback)
  const bind = (name, text) => {
    if (!existsSync(`/etc/${name}`)) return
    writeFileSync(join(folder, name), text)
    must('mount', '--bind', join(folder, name), `/etc/${name}`)
  }
  bind('resolv.conf', 'nameserver 192.0.2.53\noptions timeout:1 attempts:1\n')
  bind('nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files dns\n')
  for (const place of ['/run/nscd', '/run/systemd/resolve', '/run/avahi-daemon'])
    if (existsSync(place) && statSync(place).isDirectory()) must('mount', '-t', 'tmpfs', 'none', place)
}

async function runInside(command, report) {
  const folder = mkdtempSync(join(tmpdir(), 'trailcase-namespace-'))
  try {
    prepareNamespace(folder)
    const before = outgoingAttempts()
    const code = await exitCodeOf(spawn(command[0], command.slice(1), { stdio: 'inherit' }))
    writeFileSync(report, JSON.stringify({ code, attempts: outgoingAttempts() - before }))
    return code
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function main(args) {
  const end = args.indexOf('--')
  const options = args.slice(0, end < 0 ? args.length : end)
  const command = end < 0 ? [] : args.slice(end + 1)
  const report = options.includes('--report') ? options[options.indexOf('--report') + 1] : undefined
  if (command.length === 0) {
    process.stderr.write('trailcase: node build/offline.mjs [--report FILE] -- COMMAND…\n')
    return 2
  }
  if (options.includes('--inside')) return runInside(command, report)
  const why = whyNotOffline()
  if (why !== undefined) {
    process.stderr.write(`trailcase: skipped: ${why}\n`)
    return NOT_POSSIBLE
  }
  const result = await runOffline(command)
  if (report !== undefined) writeFileSync(report, `${JSON.stringify(result)}\n`)
  process.stderr.write(`trailcase: ${result.attempts ?? 'an unknown number of'} outgoing attempts\n`)
  return result.code === 0 && result.attempts !== 0 ? 1 : result.code
}

if (process.argv[1] === import.meta.filename) {
  // Ctrl-C goes to the command; this waits for its end.
  process.on('SIGINT', () => undefined)
  process.exitCode = await main(process.argv.slice(2))
}
