/** One thing that responders look for first. `where` is in the query language; `weight` orders what was found. */
export type Check = {
  readonly id: string
  readonly title: string
  readonly reason: string
  readonly where: string
  readonly weight: number
  /** Said when nothing was found: what a zero does not exclude. */
  readonly zero?: string
}

const calls = (...names: readonly string[]): string => `eventName:(${names.join(' OR ')})`

/**
 * The calls behind each check are those of AWS's incident response playbooks and of TrailDiscover's incidents. A check counts
 * attempts too: a refused StopLogging is as telling as one that worked.
 */
export const checks: readonly Check[] = [
  {
    id: 'logging',
    title: 'Logging stopped, narrowed or deleted',
    reason: 'What happened afterwards may be in no log.',
    where: calls(
      'StopLogging',
      'DeleteTrail',
      'UpdateTrail',
      'PutEventSelectors',
      'PutInsightSelectors',
      'DeleteEventDataStore',
      'StopEventDataStoreIngestion',
    ),
    weight: 100,
  },
  {
    id: 'quarantined',
    title: 'AWS quarantined an access key',
    reason: 'AWS itself found the key exposed and attached its quarantine policy.',
    where: 'eventName:(AttachUserPolicy OR PutUserPolicy) AWSCompromisedKeyQuarantine*',
    weight: 98,
  },
  {
    id: 'root',
    title: 'Use of the root user',
    reason: 'Root is for account closing and recovery; daily work with it is rare and hard to limit.',
    where: 'userIdentity.type:Root -userIdentity.invokedBy:* -eventType:AwsServiceEvent',
    weight: 95,
  },
  {
    id: 'detection',
    title: 'Detection switched off',
    reason: 'GuardDuty, Config, Security Hub, flow logs, log groups or alarms were stopped, deleted or left.',
    where: calls(
      'DeleteDetector',
      'UpdateDetector',
      'DisassociateFromMasterAccount',
      'DisassociateFromAdministratorAccount',
      'StopMonitoringMembers',
      'CreateIPSet',
      'StopConfigurationRecorder',
      'DeleteConfigurationRecorder',
      'DeleteDeliveryChannel',
      'DisableSecurityHub',
      'DeleteFlowLogs',
      'DeleteLogGroup',
      'DeleteLogStream',
      'DeleteAlarms',
      'DeleteWebACL',
      'LeaveOrganization',
    ),
    weight: 92,
  },
  {
    id: 'no-mfa',
    title: 'Console logins without MFA',
    reason:
      'A password alone was enough. Sign-ins through SAML or Identity Center say this too, even when their provider asked for more.',
    where: 'eventName:ConsoleLogin access:ok additionalEventData.MFAUsed:No',
    weight: 88,
  },
  {
    id: 'credentials',
    title: 'New users, keys and passwords',
    reason: 'A credential made during an intrusion outlives the one that was stolen.',
    where: calls(
      'CreateAccessKey',
      'CreateUser',
      'CreateLoginProfile',
      'UpdateLoginProfile',
      'CreateServiceSpecificCredential',
      'DeactivateMFADevice',
      'UploadSSHPublicKey',
      'GetFederationToken',
    ),
    weight: 86,
  },
  {
    id: 'policies',
    title: 'Permissions granted or widened',
    reason: 'Policies attached or written, trust policies changed, boundaries removed.',
    where: calls(
      'AttachUserPolicy',
      'AttachRolePolicy',
      'AttachGroupPolicy',
      'PutUserPolicy',
      'PutRolePolicy',
      'PutGroupPolicy',
      'CreatePolicyVersion',
      'SetDefaultPolicyVersion',
      'AddUserToGroup',
      'UpdateAssumeRolePolicy',
      'DeleteUserPermissionsBoundary',
      'DeleteRolePermissionsBoundary',
    ),
    weight: 84,
  },
  {
    id: 'shared',
    title: 'Snapshots or images shared',
    reason: 'A shared snapshot leaves the account without a byte of network traffic.',
    where: calls(
      'ModifySnapshotAttribute',
      'ModifyImageAttribute',
      'ModifyDBSnapshotAttribute',
      'ModifyDBClusterSnapshotAttribute',
      'SharedSnapshotVolumeCreated',
      'SharedSnapshotCopyInitiated',
    ),
    weight: 82,
  },
  {
    id: 'secrets',
    title: 'Secrets and parameters read',
    reason: 'Passwords and keys in Secrets Manager, Parameter Store or EC2 open the next door.',
    where: calls(
      'GetSecretValue',
      'BatchGetSecretValue',
      'GetParameter',
      'GetParameters',
      'GetParametersByPath',
      'GetPasswordData',
    ),
    weight: 80,
  },
  {
    id: 'public',
    title: 'Opened to others',
    reason: 'Bucket policies and ACLs, public access blocks taken away, security group rules added: look to whom.',
    where: calls(
      'PutBucketPolicy',
      'PutBucketAcl',
      'PutObjectAcl',
      'DeletePublicAccessBlock',
      'DeleteAccountPublicAccessBlock',
      'DeleteBucketPublicAccessBlock',
      'AuthorizeSecurityGroupIngress',
    ),
    weight: 76,
  },
  {
    id: 'objects',
    title: 'Objects read from S3',
    reason: 'What was taken: which keys, how many, by whom and to which address.',
    where: `service:s3 ${calls('GetObject', 'CopyObject', 'SelectObjectContent', 'GetObjectTorrent')}`,
    weight: 60,
    zero: 'Object reads are data events: they are only logged where a trail was told to. A zero does not mean that nothing was read.',
  },
  {
    id: 'destroyed',
    title: 'Data deleted or keys disabled',
    reason: 'Buckets, snapshots, databases, encryption keys: damage, or the traces of it.',
    where: calls(
      'DeleteObjects',
      'DeleteBucket',
      'DeleteSnapshot',
      'DeleteDBInstance',
      'DeleteDBCluster',
      'ScheduleKeyDeletion',
      'DisableKey',
      'DeleteRecoveryPoint',
      'PutBucketLifecycle',
      'PutBucketLifecycleConfiguration',
    ),
    weight: 74,
    zero: 'Deleting single objects is a data event and may not be logged.',
  },
  {
    id: 'compute',
    title: 'Instances started',
    reason: 'Mining shows as many instances, large types and regions nobody uses.',
    where: calls('RunInstances', 'RequestSpotFleet', 'RequestSpotInstances', 'CreateFleet'),
    weight: 64,
  },
  {
    id: 'hosts',
    title: 'Commands run on hosts',
    reason: 'From the control plane onto machines: Systems Manager, ECS, serial console, SSH keys.',
    where: calls(
      'SendCommand',
      'StartSession',
      'ExecuteCommand',
      'SendSSHPublicKey',
      'SendSerialConsoleSSHPublicKey',
      'ModifyInstanceAttribute',
    ),
    weight: 68,
  },
  {
    id: 'models',
    title: 'AI models invoked',
    reason: 'Stolen keys are used to run models at the expense of the account.',
    where: 'eventName:(InvokeModel* OR Converse* OR PutFoundationModelEntitlement OR CreateFoundationModelAgreement)',
    weight: 50,
  },
  {
    id: 'mail',
    title: 'Mail and text messages prepared',
    reason: 'SES and SNS are abused for phishing; quota questions come first.',
    where: calls(
      'GetSendQuota',
      'PutAccountDetails',
      'VerifyEmailIdentity',
      'CreateEmailIdentity',
      'SendEmail',
      'SendRawEmail',
      'SetSMSAttributes',
      'GetSMSAttributes',
    ),
    weight: 52,
  },
  {
    id: 'tools',
    title: 'User agents of attack tools',
    reason: 'Kali, Pacu, TruffleHog, S3 Browser and the like name themselves. Anyone can write any agent.',
    where:
      'userAgent:(*kali* OR *parrot* OR *pentoo* OR *pacu* OR *trufflehog* OR *S3\\ Browser* OR *cloudfox* OR *prowler* OR *scoutsuite*)',
    weight: 78,
  },
  {
    id: 'failed-logins',
    title: 'Failed console logins',
    reason: 'Guessed passwords, or names that do not exist.',
    where: 'eventName:ConsoleLogin access:denied',
    weight: 46,
  },
]
