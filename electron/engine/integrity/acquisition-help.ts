export type AcquisitionPlace = {
  readonly bucket: string
  /** Prefix before `AWSLogs/`, with or without its slash; empty for none. */
  readonly prefix: string
  /** First and last moment of interest, ISO 8601; public keys are asked for two hours more. */
  readonly from: string
  readonly to: string
}

/**
 * The commands, for a shell with the AWS CLI, jq and GNU date, that copy what offline validation needs while there is still
 * a connection: the files, the signatures that an ordinary copy loses, the public keys, the trails. Names are quoted for the
 * shell, whatever they hold.
 */
export function acquisitionCommands(place: AcquisitionPlace): string {
  const prefix = place.prefix === '' || place.prefix.endsWith('/') ? place.prefix : `${place.prefix}/`
  return `# Run once, online, with credentials that may read the bucket and CloudTrail. Nothing is changed in the account.
B=${quoted(place.bucket)}
P=${quoted(prefix)}
FROM=${quoted(place.from)}
TO=${quoted(place.to)}

# 1. Log files and digests
aws s3 sync "s3://$B/$P" "./$B/$P" --exclude '*' --include '*AWSLogs/*CloudTrail*'

# 2. The signature of each digest, which a copy loses. At the least: the newest digest of each account, region and trail,
#    and every digest whose name ends in _backfill.
aws s3api list-objects-v2 --bucket "$B" --prefix "\${P}AWSLogs/" \\
    --query "Contents[?contains(Key,'CloudTrail-Digest/')].Key" --output text | tr '\\t' '\\n' |
  while read -r k; do
    aws s3api head-object --bucket "$B" --key "$k" | jq -c --arg b "$B" --arg k "$k" '. + {Bucket: $b, Key: $k}'
  done > digest-head-object.jsonl

# 3. The public keys of every region. A digest may be signed up to two hours after its hour.
mkdir -p keys
for r in $(aws ec2 describe-regions --all-regions --query 'Regions[].RegionName' --output text); do
  aws cloudtrail list-public-keys --region "$r" --start-time "$FROM" \\
      --end-time "$(date -u -d "$TO + 2 hours" +%Y-%m-%dT%H:%M:%SZ)" > "keys/list-public-keys.$r.json" ||
    rm -f "keys/list-public-keys.$r.json"
done

# 4. The trails, their state and what they record
aws cloudtrail describe-trails --include-shadow-trails > trails.json
for t in $(jq -r '.trailList[].TrailARN' trails.json); do
  r=$(jq -r --arg t "$t" '.trailList[] | select(.TrailARN == $t) | .HomeRegion' trails.json)
  aws cloudtrail get-trail-status --region "$r" --name "$t" > "trail-status.\${t##*/}.$r.json"
  aws cloudtrail get-event-selectors --region "$r" --trail-name "$t" > "event-selectors.\${t##*/}.$r.json"
done

# 5. Hashes of all of it, and who copied it when
date -u +%Y-%m-%dT%H:%M:%SZ > acquired.txt; aws sts get-caller-identity >> acquired.txt
find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum > SHA256SUMS
`
}

/** One shell word, whatever the text holds. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
