// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { crc32 } from 'node:zlib';

/** Secrets of every kind made of random values, and the places in which people leave them. Nothing here is real. */
export interface Specimen {
  /** The kinds under which it may be reported. */
  readonly codes: readonly string[];
  readonly label: string;
  readonly file: string;
  readonly text: string;
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const ALNUM = `${LOWER}${LOWER.toUpperCase()}0123456789`;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A generator of random text that gives the same for the same seed. */
export function randomText(seed: number) {
  let state = seed * 2_654_435_761 + 1;
  const next = () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e_37_79_b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
  const of = (alphabet: string, length: number) =>
    Array.from({ length }, () => alphabet[Math.floor(next() * alphabet.length)]).join('');
  const bytes = (length: number) => Buffer.from(Array.from({ length }, () => Math.floor(next() * 256)));
  const uuid = () => [8, 4, 4, 4, 12].map((length) => of('0123456789abcdef', length)).join('-');
  return { next, of, bytes, uuid, alnum: (length: number) => of(ALNUM, length) };
}

export type RandomText = ReturnType<typeof randomText>;

interface Value {
  readonly codes: readonly string[];
  readonly label: string;
  /** Names under which it is given; none for values that tell by themselves. */
  readonly names: readonly string[];
  readonly value: string;
}

const AZURE_CONNECTION = (random: RandomText) =>
  `Endpoint=sb://ns-${random.of(LOWER, 6)}.servicebus.windows.net/;SharedAccessKeyName=listen;SharedAccessKey=${random.bytes(32).toString('base64')};EntityPath=insights`;

/** One value of each kind. */
export function values(random: RandomText): Value[] {
  const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const storageKey = random.bytes(64).toString('base64');
  const cosmosKey = random.bytes(64).toString('base64');
  const pem = `-----${'BEGIN'} PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC${random.alnum(32)}\n${random.alnum(64)}\n${random.alnum(64)}\n-----END PRIVATE KEY-----\n`;
  const sas = `sv=2022-11-02&ss=b&srt=sco&sp=rl&se=2027-01-01T00:00:00Z&spr=https&sig=${encodeURIComponent(random.bytes(32).toString('base64'))}`;
  const githubBody = random.alnum(30);
  const azure = ['SECRET-AZURE-MESSAGING-KEY'];
  return [
    {
      codes: ['SECRET-AWS-ACCESS-KEY-ID'],
      label: 'AWS key id',
      names: ['aws_access_key_id', 'keyId'],
      value: `AKIA${random.of(BASE32, 16)}`,
    },
    {
      codes: ['SECRET-AWS-ACCESS-KEY-ID'],
      label: 'AWS temporary key id',
      names: ['accessKeyId'],
      value: `ASIA${random.of(BASE32, 16)}`,
    },
    {
      codes: ['SECRET-AWS-SECRET-ACCESS-KEY'],
      label: 'AWS secret access key',
      names: ['AWS_SECRET_ACCESS_KEY', 'aws_secret_access_key', 'secretAccessKey', 'SecretAccessKey'],
      value: random.bytes(30).toString('base64'),
    },
    {
      codes: ['SECRET-AWS-SESSION-TOKEN'],
      label: 'AWS session token',
      names: ['AWS_SESSION_TOKEN', 'aws_session_token', 'sessionToken'],
      value: `IQoJb3JpZ2luX2VjE${random.bytes(300).toString('base64')}`,
    },
    {
      codes: azure,
      label: 'Event Hub connection string',
      names: ['EVENT_HUB_CONNECTION_STRING', 'connectionString', 'conn'],
      value: AZURE_CONNECTION(random),
    },
    {
      codes: azure,
      label: 'Event Hub key',
      names: ['SharedAccessKey', 'shared_access_key', 'EVENTHUB_KEY', 'primaryKey', 'sasKey'],
      value: random.bytes(32).toString('base64'),
    },
    {
      codes: ['SECRET-AZURE-STORAGE-KEY'],
      label: 'storage connection string',
      names: ['AZURE_STORAGE_CONNECTION_STRING', 'storageConnection'],
      value: `DefaultEndpointsProtocol=https;AccountName=st${random.of(LOWER, 8)};AccountKey=${storageKey};EndpointSuffix=core.windows.net`,
    },
    {
      codes: ['SECRET-AZURE-STORAGE-KEY'],
      label: 'storage key',
      names: ['AZURE_STORAGE_KEY', 'accountKey', 'storage_account_key', 'credential'],
      value: storageKey,
    },
    {
      codes: ['SECRET-AZURE-COSMOS-KEY'],
      label: 'Cosmos connection string',
      names: ['COSMOS_CONNECTION_STRING', 'cosmosConnection'],
      value: `AccountEndpoint=https://db${random.of(LOWER, 5)}.documents.azure.com:443/;AccountKey=${cosmosKey};`,
    },
    { codes: ['SECRET-AZURE-COSMOS-KEY'], label: 'Cosmos key', names: ['COSMOS_KEY', 'cosmosKey'], value: cosmosKey },
    { codes: ['SECRET-AZURE-SAS'], label: 'SAS token', names: ['SAS_TOKEN', 'sas'], value: sas },
    {
      codes: ['SECRET-AZURE-SAS'],
      label: 'SAS URL',
      names: ['BLOB_URL', 'url'],
      value: `https://st${random.of(LOWER, 6)}.blob.core.windows.net/logs/a.json?${sas}`,
    },
    {
      codes: ['SECRET-AZURE-SAS'],
      label: 'SharedAccessSignature',
      names: ['AUTHORIZATION', 'header'],
      value: `SharedAccessSignature sr=sb%3A%2F%2Fns.servicebus.windows.net%2F&sig=${encodeURIComponent(random.bytes(32).toString('base64'))}&se=1767225600&skn=listen`,
    },
    {
      codes: ['SECRET-ENTRA-CLIENT-SECRET'],
      label: 'Entra client secret',
      names: ['AZURE_CLIENT_SECRET', 'clientSecret', 'client_secret', 'ARM_CLIENT_SECRET', 'value'],
      value: `${random.alnum(3)}8Q~${random.of(`${ALNUM}_~.-`, 33)}x`,
    },
    {
      codes: ['SECRET-ENTRA-CLIENT-SECRET', 'SECRET-GENERIC'],
      label: 'Entra client secret, old form',
      names: ['AZURE_CLIENT_SECRET', 'clientSecret', 'client_secret'],
      value: random.alnum(32),
    },
    {
      codes: ['SECRET-GCP-SERVICE-ACCOUNT-KEY', 'SECRET-PRIVATE-KEY'],
      label: 'GCP service account',
      names: ['GOOGLE_CREDENTIALS'],
      value: JSON.stringify({
        type: 'service_account',
        project_id: 'p',
        private_key_id: random.of('0123456789abcdef', 40),
        private_key: pem,
        client_email: 'a@p.iam.gserviceaccount.com',
      }),
    },
    {
      codes: ['SECRET-GCP-API-KEY'],
      label: 'GCP API key',
      names: ['GOOGLE_API_KEY', 'key'],
      value: `AIza${random.alnum(35)}`,
    },
    {
      codes: ['SECRET-GCP-OAUTH'],
      label: 'GCP OAuth secret',
      names: ['GOOGLE_CLIENT_SECRET', 'client_secret'],
      value: `GOCSPX-${random.alnum(28)}`,
    },
    {
      codes: ['SECRET-GCP-OAUTH'],
      label: 'GCP access token',
      names: ['ACCESS_TOKEN', 'token'],
      value: `ya29.${random.alnum(120)}`,
    },
    ...(['ghp', 'gho', 'ghu', 'ghs'] as const).map((prefix) => ({
      codes: ['SECRET-GITHUB-TOKEN'],
      label: `GitHub ${prefix}`,
      names: ['GITHUB_TOKEN', 'x'],
      value: `${prefix}_${random.alnum(36)}`,
    })),
    {
      codes: ['SECRET-GITHUB-TOKEN'],
      label: 'GitHub token with checksum',
      names: ['GH_TOKEN'],
      value: `ghp_${githubBody}${base62(crc32(githubBody))}`,
    },
    {
      codes: ['SECRET-GITHUB-TOKEN'],
      label: 'GitHub fine-grained',
      names: ['TOKEN'],
      value: `github_pat_${random.alnum(22)}_${random.alnum(59)}`,
    },
    {
      codes: ['SECRET-SLACK'],
      label: 'Slack token',
      names: ['SLACK_BOT_TOKEN', 'token'],
      value: `xoxb-${random.of('0123456789', 12)}-${random.of('0123456789', 12)}-${random.alnum(24)}`,
    },
    {
      codes: ['SECRET-SLACK'],
      label: 'Slack webhook',
      names: ['SLACK_WEBHOOK', 'url'],
      value: `https://hooks.slack.com/services/T${random.of(BASE32, 8)}/B${random.of(BASE32, 8)}/${random.alnum(24)}`,
    },
    {
      codes: ['SECRET-TEAMS-WEBHOOK'],
      label: 'Teams webhook',
      names: ['TEAMS_WEBHOOK', 'url'],
      value: `https://${random.of(LOWER, 6)}.webhook.office.com/webhookb2/${random.uuid()}@${random.uuid()}/IncomingWebhook/${random.of('0123456789abcdef', 32)}/${random.uuid()}`,
    },
    {
      codes: ['SECRET-OKTA-TOKEN'],
      label: 'Okta token',
      names: ['OKTA_API_TOKEN', 'oktaToken', 'okta_token'],
      value: `00${random.alnum(40)}`,
    },
    {
      codes: ['SECRET-OKTA-TOKEN'],
      label: 'Okta header',
      names: ['AUTHORIZATION', 'Authorization'],
      value: `SSWS 00${random.alnum(40)}`,
    },
    {
      codes: ['SECRET-CROWDSTRIKE-CLIENT-SECRET'],
      label: 'CrowdStrike',
      names: ['FALCON_CLIENT_SECRET', 'crowdstrike_client_secret', 'crowdstrikeSecret'],
      value: random.alnum(40),
    },
    {
      codes: ['SECRET-SPLUNK-HEC-TOKEN'],
      label: 'Splunk HEC',
      names: ['SPLUNK_HEC_TOKEN', 'splunkToken', 'hec_token'],
      value: random.uuid(),
    },
    {
      codes: ['SECRET-SPLUNK-HEC-TOKEN'],
      label: 'Splunk header',
      names: ['Authorization', 'AUTH'],
      value: `Splunk ${random.uuid()}`,
    },
    {
      codes: ['SECRET-PYPI-TOKEN'],
      label: 'PyPI',
      names: ['TWINE_PASSWORD', 'password'],
      value: `pypi-AgEIcHlwaS5vcmc${random.alnum(120)}`,
    },
    { codes: ['SECRET-NPM-TOKEN'], label: 'npm', names: ['NPM_TOKEN', 'token'], value: `npm_${random.alnum(36)}` },
    {
      codes: ['SECRET-JWT', 'SECRET-AUTHORIZATION'],
      label: 'JWT',
      names: ['TOKEN', 'jwt'],
      value: `${base64url({ alg: 'RS256', typ: 'JWT' })}.${base64url({ sub: random.uuid(), exp: 1 })}.${random.bytes(64).toString('base64url')}`,
    },
    { codes: ['SECRET-PRIVATE-KEY'], label: 'PEM', names: ['PRIVATE_KEY', 'pem'], value: pem },
    {
      codes: ['SECRET-PRIVATE-KEY'],
      label: 'OpenSSH key',
      names: ['SSH_KEY'],
      value: `-----${'BEGIN'} OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAAB\n${random.alnum(70)}\n-----END OPENSSH PRIVATE KEY-----\n`,
    },
    {
      codes: ['SECRET-URL-PASSWORD'],
      label: 'database URL',
      names: ['DATABASE_URL', 'dsn'],
      value: `postgres://ingest:${random.alnum(14)}@db.internal:5432/events`,
    },
    {
      codes: ['SECRET-URL-PASSWORD'],
      label: 'basic auth URL',
      names: ['PROXY', 'url'],
      value: `https://svc:${random.alnum(10)}@repo.internal/x`,
    },
    {
      codes: ['SECRET-PASSWORD', 'SECRET-GENERIC'],
      label: 'password',
      names: ['DB_PASSWORD', 'password', 'dbPassword', 'passwd'],
      value: `Wn${random.alnum(8)}!7`,
    },
    {
      codes: ['SECRET-GENERIC'],
      label: 'API key',
      names: ['VENDOR_API_KEY', 'apiKey', 'x-api-key', 'api_key'],
      value: random.of('0123456789abcdef', 32),
    },
    {
      codes: ['SECRET-GENERIC'],
      label: 'signing secret',
      names: ['WEBHOOK_SECRET', 'signingSecret', 'auth_token'],
      value: random.alnum(40),
    },
  ];
}

function base62(value: number): string {
  const digits = `0123456789${LOWER.toUpperCase()}${LOWER}`;
  let text = '';
  for (let rest = value; text.length < 6; rest = Math.floor(rest / 62)) text = digits[rest % 62] + text;
  return text;
}

interface Place {
  readonly label: string;
  readonly file: string;
  readonly write: (name: string, value: string, random: RandomText) => string;
}

const oneLine = (value: string) => JSON.stringify(value).slice(1, -1);
const half = (value: string, at: number) => [value.slice(0, at), value.slice(at)].map(oneLine) as [string, string];

/** The places: what stands around a value. */
export const places: readonly Place[] = [
  {
    label: 'TypeScript constant',
    file: 'a.ts',
    write: (name, value) =>
      `export const settings = {\n  region: 'eu-central-1',\n  '${name}': "${oneLine(value)}",\n};\n`,
  },
  {
    label: 'TypeScript annotated',
    file: 'a.ts',
    write: (name, value) => `const ${name.replaceAll('-', '_')}: string = "${oneLine(value)}";\n`,
  },
  {
    label: 'TypeScript fallback',
    file: 'a.ts',
    write: (name, value) => `const x = process.env.${name.replaceAll('-', '_')} ?? "${oneLine(value)}";\n`,
  },
  {
    label: 'Python constant',
    file: 'app.py',
    write: (name, value) => `import os\n\n${name.replaceAll('-', '_')} = "${oneLine(value)}"\n`,
  },
  {
    label: 'Python argument',
    file: 'app.py',
    write: (name, value) => `client = connect(host, ${name.replaceAll('-', '_')}="${oneLine(value)}", timeout=3)\n`,
  },
  {
    label: 'Python environment',
    file: 'app.py',
    write: (name, value) => `os.environ["${name}"] = "${oneLine(value)}"\n`,
  },
  {
    label: 'Python default',
    file: 'app.py',
    write: (name, value) => `x = os.getenv("${name}", "${oneLine(value)}")\n`,
  },
  {
    label: 'Python dict',
    file: 'app.py',
    write: (name, value) => `SETTINGS = {"${name}": "${oneLine(value)}", "a": 1}\n`,
  },
  {
    label: 'Python implicit join',
    file: 'app.py',
    write: (name, value) => {
      const [a, b] = half(value, Math.floor(value.length / 2));
      return `${name.replaceAll('-', '_')} = (\n    "${a}"\n    "${b}"\n)\n`;
    },
  },
  {
    label: 'JavaScript join',
    file: 'a.js',
    write: (name, value) => {
      const [a, b] = half(value, Math.floor(value.length / 3));
      return `const ${name.replaceAll('-', '_')} = '${a}' +\n  '${b}';\n`;
    },
  },
  {
    label: 'array join',
    file: 'a.ts',
    write: (name, value) => {
      const [a, b] = half(value, Math.floor(value.length / 2));
      return `const ${name.replaceAll('-', '_')} = ['${a}', '${b}'].join('');\n`;
    },
  },
  {
    label: 'two constants',
    file: 'a.ts',
    write: (name, value) => {
      const [a, b] = half(value, Math.floor(value.length / 2));
      return `const first = '${a}';\nconst second = '${b}';\nconst ${name.replaceAll('-', '_')} = first + second;\n`;
    },
  },
  {
    label: 'YAML',
    file: 'config.yaml',
    write: (name, value) =>
      value.includes('\n')
        ? `a:\n  ${name}: |\n${value.replaceAll(/^/gm, '    ')}\n`
        : `a:\n  ${name}: ${value}\n  b: 1\n`,
  },
  { label: 'YAML quoted', file: 'config.yml', write: (name, value) => `a:\n  ${name}: "${oneLine(value)}"\n` },
  {
    label: 'YAML name and value',
    file: 'deploy.yaml',
    write: (name, value) => `env:\n  - name: ${name}\n    value: "${oneLine(value)}"\n`,
  },
  {
    label: 'JSON',
    file: 'settings.json',
    write: (name, value) => `${JSON.stringify({ region: 'x', [name]: value }, null, 2)}\n`,
  },
  {
    label: 'JSON in JSON',
    file: 'event.json',
    write: (name, value) => JSON.stringify({ body: JSON.stringify({ [name]: value }) }),
  },
  {
    label: 'JSON name and value',
    file: 'task.json',
    write: (name, value) => JSON.stringify({ environment: [{ name, value }] }),
  },
  { label: '.env', file: '.env', write: (name, value) => `A=1\n${name}=${oneLine(value)}\n` },
  { label: '.env quoted', file: '.env.local', write: (name, value) => `${name}='${oneLine(value)}'\n` },
  { label: 'shell export', file: 'run.sh', write: (name, value) => `export ${name}="${oneLine(value)}"\n./run\n` },
  { label: 'shell default', file: 'run.sh', write: (name, value) => `X="\${${name}:-${oneLine(value)}}"\n` },
  {
    label: 'README',
    file: 'README.md',
    write: (name, value) => `# Use\n\n    export ${name}=${oneLine(value)}\n\nThen run it.\n`,
  },
  {
    label: 'README table',
    file: 'README.md',
    write: (name, value) => `| name | value |\n|---|---|\n| ${name} | \`${oneLine(value)}\` |\n`,
  },
  { label: 'Dockerfile ENV', file: 'Dockerfile', write: (name, value) => `FROM x\nENV ${name}=${oneLine(value)}\n` },
  {
    label: 'Dockerfile old ENV',
    file: 'Dockerfile',
    write: (name, value) => `FROM x\nENV ${name} ${oneLine(value)}\n`,
  },
  { label: 'comment', file: 'app.py', write: (name, value) => `# ${name}="${oneLine(value)}"\nx = 1\n` },
  {
    label: 'HTTP header',
    file: 'a.sh',
    write: (name, value) => `curl -H "${name}: ${oneLine(value)}" https://api.internal\n`,
  },
  {
    label: 'XML',
    file: 'web.config',
    write: (name, value) =>
      `<appSettings><add key="${name}" value="${oneLine(value).replaceAll('&', '&amp;').replaceAll('\\"', '&quot;')}" /></appSettings>\n`,
  },
  {
    label: 'base64 of an assignment',
    file: 'deploy.yaml',
    write: (name, value) => `data:\n  settings: ${Buffer.from(`${name}=${value}\n`).toString('base64')}\n`,
  },
  {
    label: 'base64 of JSON in code',
    file: 'app.py',
    write: (name, value) =>
      `SETTINGS = json.loads(base64.b64decode("${Buffer.from(JSON.stringify({ [name]: value })).toString('base64')}"))\n`,
  },
  {
    label: 'URL-encoded',
    file: 'run.sh',
    write: (name, value) => `curl "https://api.internal/x?${encodeURIComponent(`${name}=${value}`)}"\n`,
  },
];

/** Every value in every place, under one of its names. */
export function* specimens(seed: number): Generator<Specimen> {
  const random = randomText(seed);
  for (const { codes, label, names, value } of values(random)) {
    for (const place of places) {
      const name = names[Math.floor(random.next() * names.length)] ?? 'x';
      yield { codes, label: `${label} in ${place.label}`, file: place.file, text: place.write(name, value, random) };
    }
  }
}
