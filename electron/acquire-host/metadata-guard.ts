import net from 'node:net'

/** Link-local addresses, where clouds and containers answer questions about the machine and give out its keys; and AWS's own of IPv6. */
const METADATA = /^(169\.254\.|::ffff:169\.254\.|fe80:|fd00:ec2:)/i

/**
 * Forbids this process to ask the metadata of the machine it runs on. The keys are given, so nothing here would; should a
 * part of the SDK try nevertheless, it fails.
 */
export function forbidMetadata(): void {
  // Called with the socket below, like the method it stands for.
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const connect = net.Socket.prototype.connect
  const guarded = function (this: net.Socket, ...args: unknown[]): net.Socket {
    const host = hostOf(args)
    if (host !== undefined && METADATA.test(host))
      throw new Error(`The metadata service is never asked: a connection to ${host} was wanted.`)
    return (connect as (...given: unknown[]) => net.Socket).apply(this, args)
  }
  Object.defineProperty(net.Socket.prototype, 'connect', { value: guarded, writable: false, configurable: false })
}

/** The host in the arguments of `connect`: options, or port and host; Node wraps them in a list at times. */
function hostOf(args: readonly unknown[]): string | undefined {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args
  if (typeof first === 'object' && first !== null && 'host' in first && typeof first.host === 'string')
    return first.host
  return typeof second === 'string' ? second : undefined
}

/**
 * Takes away every setting by which the SDK would look for keys, places or profiles by itself, and gives what this program
 * uses of them: where the files of profiles lie.
 */
export function takeAwsSettings(env: NodeJS.ProcessEnv): { readonly credentials?: string; readonly config?: string } {
  const { AWS_SHARED_CREDENTIALS_FILE: credentials, AWS_CONFIG_FILE: config } = env
  for (const name of Object.keys(env)) if (/^(AWS|ECS)_/i.test(name)) Reflect.deleteProperty(env, name)
  env['AWS_EC2_METADATA_DISABLED'] = 'true'
  // A path below a file is never there.
  env['AWS_SHARED_CREDENTIALS_FILE'] = env['AWS_CONFIG_FILE'] = `${process.execPath}/none`
  return { ...(credentials !== undefined && { credentials }), ...(config !== undefined && { config }) }
}
