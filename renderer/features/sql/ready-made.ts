/** One statement to begin with. `sql` is shown as it is and can be changed. */
export type ReadyMade = { readonly id: string; readonly group: string; readonly title: string; readonly sql: string }

const root = `userIdentityType = 'Root' and invokedBy is null and eventType <> 'AwsServiceEvent'`

/**
 * The questions that AWS's samples for Athena and CloudTrail Lake answer, and those that responders ask most, in SQLite's dialect:
 * JSON columns are read with ->> and a path; times are texts in UTC that compare as they stand.
 */
export const readyMade: readonly ReadyMade[] = [
  {
    id: 'sample',
    group: 'Overview',
    title: 'A look at the columns',
    sql: `select eventTime, eventName, principal, sourceIPAddress, awsRegion, access, resource, _id\nfrom events\norder by _timeMs\nlimit 100`,
  },
  {
    id: 'calls',
    group: 'Overview',
    title: 'Most frequent calls by service',
    sql: `select eventSource, eventName, count(*) as events, sum(access = 'denied') as denied, min(eventTime) as first, max(eventTime) as last\nfrom events\ngroup by 1, 2\norder by events desc`,
  },
  {
    id: 'hours',
    group: 'Overview',
    title: 'Events by hour, with denied and writes',
    sql: `select substr(eventTime, 1, 13) || ':00Z' as hour, count(*) as events, sum(access = 'denied') as denied, sum(readOnly = 'false') as writes\nfrom events\ngroup by 1\norder by 1`,
  },
  {
    id: 'coverage',
    group: 'Overview',
    title: 'Accounts, regions and categories that are there at all',
    sql: `select account, awsRegion, eventCategory, count(*) as events, min(eventTime) as first, max(eventTime) as last\nfrom events\ngroup by 1, 2, 3\norder by 1, 2, 3`,
  },
  {
    id: 'errors',
    group: 'Overview',
    title: 'Errors by code and call',
    sql: `select errorCode, eventSource, eventName, count(*) as events, count(distinct principal) as principals\nfrom events\nwhere errorCode is not null\ngroup by 1, 2, 3\norder by events desc`,
  },
  {
    id: 'principals',
    group: 'Identity',
    title: 'Principals with first and last event, addresses and keys',
    sql: `select principal, count(*) as events, sum(access = 'denied') as denied, count(distinct sourceIPAddress) as addresses,\n  count(distinct accessKeyId) as keys, min(eventTime) as first, max(eventTime) as last\nfrom events\nwhere principal is not null\ngroup by 1\norder by events desc`,
  },
  {
    id: 'key-dossier',
    group: 'Identity',
    title: 'Access keys used from more than one address',
    sql: `select accessKeyId, principal, count(distinct sourceIPAddress) as addresses, group_concat(distinct sourceIPAddress) as which, count(*) as events\nfrom events\nwhere accessKeyId is not null\ngroup by 1, 2\nhaving addresses > 1\norder by addresses desc, events desc`,
  },
  {
    id: 'root',
    group: 'Identity',
    title: 'Use of the root user',
    sql: `select eventTime, eventName, sourceIPAddress, userAgent, access, _id\nfrom events\nwhere ${root}\norder by _timeMs`,
  },
  {
    id: 'logins',
    group: 'Identity',
    title: 'Console logins with MFA and result',
    sql: `select eventTime, principal, sourceIPAddress, responseElements ->> '$.ConsoleLogin' as result,\n  additionalEventData ->> '$.MFAUsed' as mfa, errorMessage, _id\nfrom events\nwhere eventName = 'ConsoleLogin'\norder by _timeMs`,
  },
  {
    id: 'no-mfa',
    group: 'Identity',
    title: 'Console logins without MFA',
    sql: `select eventTime, userIdentityType, principal, sourceIPAddress, userAgent, _id\nfrom events\nwhere eventName = 'ConsoleLogin' and additionalEventData ->> '$.MFAUsed' = 'No' and responseElements ->> '$.ConsoleLogin' = 'Success'\norder by _timeMs`,
  },
  {
    id: 'assumed',
    group: 'Identity',
    title: 'Roles assumed: who, which, and the key that came of it',
    sql: `select eventTime, principal, requestParameters ->> '$.roleArn' as role, requestParameters ->> '$.roleSessionName' as session,\n  responseElements ->> '$.credentials.accessKeyId' as newKey, sourceIPAddress, access, _id\nfrom events\nwhere eventName like 'AssumeRole%'\norder by _timeMs`,
  },
  {
    id: 'cross-account',
    group: 'Identity',
    title: 'Calls from other accounts',
    sql: `select userIdentityAccountId as caller, recipientAccountId as account, eventName, count(*) as events, min(eventTime) as first\nfrom events\nwhere userIdentityAccountId <> recipientAccountId\ngroup by 1, 2, 3\norder by events desc`,
  },
  {
    id: 'minted-used',
    group: 'Identity',
    title: 'Keys made here, and whether they were used',
    sql: `with made as (\n  select eventTime, principal, eventName, coalesce(responseElements ->> '$.credentials.accessKeyId', responseElements ->> '$.accessKey.accessKeyId') as newKey\n  from events where eventName in ('CreateAccessKey', 'AssumeRole', 'GetSessionToken', 'GetFederationToken') and access = 'ok'\n), used as (\n  select accessKeyId, count(*) as events from events group by 1\n)\nselect made.*, coalesce(used.events, 0) as laterEvents\nfrom made left join used on used.accessKeyId = made.newKey\nwhere newKey is not null\norder by eventTime`,
  },
  {
    id: 'iam-changes',
    group: 'Changes',
    title: 'Changes to IAM',
    sql: `select eventTime, eventName, principal, requestParameters, access, _id\nfrom events\nwhere eventSource = 'iam.amazonaws.com' and readOnly = 'false'\norder by _timeMs`,
  },
  {
    id: 'admin',
    group: 'Changes',
    title: 'Policies attached, with their names',
    sql: `select eventTime, principal, eventName, coalesce(requestParameters ->> '$.userName', requestParameters ->> '$.roleName', requestParameters ->> '$.groupName') as toWhom,\n  requestParameters ->> '$.policyArn' as policy, access, _id\nfrom events\nwhere eventName in ('AttachUserPolicy', 'AttachRolePolicy', 'AttachGroupPolicy')\norder by _timeMs`,
  },
  {
    id: 'deleted',
    group: 'Changes',
    title: 'What was deleted',
    sql: `select eventTime, eventSource, eventName, resource, principal, access, _id\nfrom events\nwhere eventName like 'Delete%' or eventName like 'Terminate%'\norder by _timeMs`,
  },
  {
    id: 'logging',
    group: 'Changes',
    title: 'Changes to logging and detection',
    sql: `select eventTime, eventName, principal, requestParameters, access, _id\nfrom events\nwhere eventName in ('StopLogging', 'StartLogging', 'DeleteTrail', 'UpdateTrail', 'CreateTrail', 'PutEventSelectors', 'DeleteDetector', 'UpdateDetector',\n  'StopConfigurationRecorder', 'DeleteFlowLogs', 'DeleteLogGroup', 'DisableSecurityHub')\norder by _timeMs`,
  },
  {
    id: 'security-groups',
    group: 'Changes',
    title: 'Security group rules, with their addresses',
    sql: `select e.eventTime, e.principal, e.requestParameters ->> '$.groupId' as groupId, item.value ->> '$.ipProtocol' as protocol,\n  item.value ->> '$.fromPort' as fromPort, item.value ->> '$.toPort' as toPort, range.value ->> '$.cidrIp' as cidr, e._id\nfrom events e, json_each(e.requestParameters, '$.ipPermissions.items') item, json_each(item.value, '$.ipRanges.items') range\nwhere e.eventName in ('AuthorizeSecurityGroupIngress', 'AuthorizeSecurityGroupEgress')\norder by e._timeMs`,
  },
  {
    id: 'denied-callers',
    group: 'Denied',
    title: 'Who was denied what',
    sql: `select principal, eventSource, eventName, count(*) as events, min(eventTime) as first, max(eventTime) as last\nfrom events\nwhere access = 'denied'\ngroup by 1, 2, 3\norder by events desc`,
  },
  {
    id: 'denied-then-ok',
    group: 'Denied',
    title: 'Denied first, allowed later',
    sql: `with denied as (select principal, eventName, min(_timeMs) as at from events where access = 'denied' group by 1, 2),\n  allowed as (select principal, eventName, _timeMs as at, eventTime from events where access = 'ok')\nselect denied.principal, denied.eventName, min(allowed.eventTime) as firstAllowed\nfrom denied join allowed using (principal, eventName)\nwhere allowed.at > denied.at\ngroup by 1, 2\norder by firstAllowed`,
  },
  {
    id: 'objects',
    group: 'Data',
    title: 'Objects read, with bytes sent',
    sql: `select requestParameters ->> '$.bucketName' as bucket, requestParameters ->> '$.key' as key, principal, sourceIPAddress, count(*) as reads,\n  sum(additionalEventData ->> '$.bytesTransferredOut') as bytesOut, min(eventTime) as first\nfrom events\nwhere eventName = 'GetObject' and access = 'ok'\ngroup by 1, 2, 3, 4\norder by bytesOut desc`,
  },
  {
    id: 'buckets',
    group: 'Data',
    title: 'S3 by bucket and caller',
    sql: `select requestParameters ->> '$.bucketName' as bucket, principal, eventName, count(*) as events, sum(additionalEventData ->> '$.bytesTransferredOut') as bytesOut\nfrom events\nwhere eventSource = 's3.amazonaws.com'\ngroup by 1, 2, 3\norder by events desc`,
  },
  {
    id: 'secrets',
    group: 'Data',
    title: 'Secrets and parameters read',
    sql: `select eventTime, eventName, coalesce(requestParameters ->> '$.secretId', requestParameters ->> '$.name') as what, principal, sourceIPAddress, access, _id\nfrom events\nwhere eventName in ('GetSecretValue', 'BatchGetSecretValue', 'GetParameter', 'GetParameters', 'GetParametersByPath')\norder by _timeMs`,
  },
  {
    id: 'shared',
    group: 'Data',
    title: 'Snapshots and images shared, with whom',
    sql: `select e.eventTime, e.principal, coalesce(e.requestParameters ->> '$.snapshotId', e.requestParameters ->> '$.imageId') as what,\n  coalesce(added.value ->> '$.userId', added.value ->> '$.group') as withWhom, e.access, e._id\nfrom events e left join json_each(e.requestParameters, '$.createVolumePermission.add.items') added\nwhere e.eventName in ('ModifySnapshotAttribute', 'ModifyImageAttribute')\norder by e._timeMs`,
  },
  {
    id: 'instances',
    group: 'Data',
    title: 'Instances started, by type and region',
    sql: `select awsRegion, requestParameters ->> '$.instanceType' as type, principal, count(*) as calls, sum(access = 'denied') as denied, sum(access = 'failed') as failed, min(eventTime) as first\nfrom events\nwhere eventName = 'RunInstances'\ngroup by 1, 2, 3\norder by calls desc`,
  },
  {
    id: 'agents',
    group: 'Network',
    title: 'User agents, rarest first',
    sql: `select userAgent, count(*) as events, count(distinct principal) as principals, min(eventTime) as first\nfrom events\nwhere userAgent is not null\ngroup by 1\norder by events, first`,
  },
  {
    id: 'addresses',
    group: 'Network',
    title: 'Addresses and who came from them',
    sql: `select sourceIPAddress, count(*) as events, count(distinct principal) as principals, sum(access = 'denied') as denied, min(eventTime) as first, max(eventTime) as last\nfrom events\nwhere sourceIPAddress not like '%.amazonaws.com' and sourceIPAddress <> 'AWS Internal'\ngroup by 1\norder by events desc`,
  },
  {
    id: 'tls',
    group: 'Network',
    title: 'Old TLS versions',
    sql: `select tlsDetails ->> '$.tlsVersion' as tls, eventSource, count(*) as events, count(distinct principal) as principals\nfrom events\nwhere tlsDetails is not null\ngroup by 1, 2\norder by 1, events desc`,
  },
  {
    id: 'insights',
    group: 'Insights',
    title: 'Insights events with their rates',
    sql: `select eventTime, otherFields ->> '$.insightDetails.state' as state, otherFields ->> '$.insightDetails.eventName' as call,\n  otherFields ->> '$.insightDetails.insightType' as type, otherFields ->> '$.insightDetails.insightContext.statistics.baseline.average' as baseline,\n  otherFields ->> '$.insightDetails.insightContext.statistics.insight.average' as observed, sharedEventID, _id\nfrom events\nwhere eventCategory = 'Insight'\norder by _timeMs`,
  },
  {
    id: 'integrity',
    group: 'Evidence',
    title: 'Events by verdict of their files',
    sql: `select _integrity as verdict, count(*) as events, count(distinct _source) as files, min(eventTime) as first, max(eventTime) as last\nfrom events\ngroup by 1\norder by events desc`,
  },
  {
    id: 'files',
    group: 'Evidence',
    title: 'Files that did not go in whole',
    sql: `select path, outcome, reason, kind, size, recordsRead, recordsStored, recordsRejected, integrity\nfrom files\nwhere outcome <> 'stored' or recordsRejected > 0\norder by outcome, path`,
  },
]
