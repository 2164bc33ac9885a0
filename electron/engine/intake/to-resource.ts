import { isObject, type JsonObject } from './types.ts'

/**
 * Request parameters that name what a call was about, best first. Names as the services write them; a key that is not
 * here names a filter or a setting. The choice is ours: CloudTrail promises `resources` only for some services.
 */
const NAMING_PARAMETERS = [
  'resourceArn',
  'resourceARN',
  'bucketName',
  'roleArn',
  'roleName',
  'policyArn',
  'userName',
  'groupName',
  'instanceProfileName',
  'accessKeyId',
  'functionName',
  'secretId',
  'keyId',
  'trailName',
  'instanceId',
  'dBInstanceIdentifier',
  'dBClusterIdentifier',
  'dBSnapshotIdentifier',
  'tableName',
  'topicArn',
  'queueUrl',
  'queueName',
  'clusterName',
  'cluster',
  'stackName',
  'repositoryName',
  'logGroupName',
  'detectorId',
  'snapshotId',
  'imageId',
  'volumeId',
  'groupId',
  'networkInterfaceId',
  'subnetId',
  'vpcId',
  'vpcEndpointId',
  'hostedZoneId',
  'domainName',
  'distributionId',
  'restApiId',
  'stateMachineArn',
  'targetArn',
  'target',
  'documentName',
  'modelId',
  'parameterName',
  'loadBalancerArn',
  'webACLArn',
  'policyName',
  'serialNumber',
  'sAMLProviderArn',
  'arn',
  'name',
  'id',
] as readonly string[]
const rankOf: ReadonlyMap<string, number> = new Map(NAMING_PARAMETERS.map((key, rank) => [key, rank]))

/** The first ARN in `resources`, else the parameter that names what the call was about, else its first instance. */
export function toResource(record: JsonObject): string | undefined {
  return resourceOfList(record['resources']) ?? resourceOfParameters(record['requestParameters'])
}

/** The first ARN in a record's `resources`. */
export function resourceOfList(resources: unknown): string | undefined {
  if (!Array.isArray(resources)) return undefined
  for (const resource of resources as unknown[]) {
    if (!isObject(resource)) continue
    const arn = resource['ARN'] ?? resource['arn'] ?? resource['resourceName'] ?? resource['ResourceName']
    if (typeof arn === 'string' && arn !== '') return arn
  }
  return undefined
}

/** The request parameter that names what the call was about. */
export function resourceOfParameters(parameters: unknown): string | undefined {
  if (!isObject(parameters)) return undefined
  let best = NAMING_PARAMETERS.length
  for (const key in parameters) {
    const rank = rankOf.get(key)
    if (rank === undefined || rank >= best) continue
    const value = parameters[key]
    if (typeof value === 'string' && value !== '') best = rank
  }
  const key = NAMING_PARAMETERS[best]
  if (key === undefined) return firstInstance(parameters)
  const name = parameters[key] as string
  if (key !== 'bucketName') return name
  const object = parameters['key']
  return typeof object === 'string' && object !== '' ? `${name}/${object}` : name
}

/** EC2 calls list what they touch: `instancesSet.items[].instanceId` and its like. */
function firstInstance(parameters: JsonObject): string | undefined {
  const set = parameters['instancesSet']
  const items = isObject(set) ? set['items'] : undefined
  const first: unknown = Array.isArray(items) ? items[0] : undefined
  const id = isObject(first) ? first['instanceId'] : undefined
  return typeof id === 'string' && id !== '' ? id : undefined
}
