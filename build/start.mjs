// `npm start [-- PATH…]`: the command line's `open`, after a build if need be.
//
//   no argument             the workbench; on a machine without a display the sample investigation
//   CASE.trailcase          that case
//   evidence PATH…          a new case made from them
//   --option…               as `trailcase open` takes it
const args = process.argv.slice(2)

const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
const isCase = (path) => path.endsWith('.trailcase')

function openArguments() {
  if (args.length === 0) return hasDisplay ? [] : ['--sample']
  if (args[0].startsWith('-') || isCase(args[0])) return args
  return ['--from', ...args]
}

process.argv.splice(2, Infinity, 'open', ...openArguments())
await import('./trailcase.mjs')
