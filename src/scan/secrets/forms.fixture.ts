// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { type RandomText, randomText, type Specimen } from './evaluation.fixture.ts';

/** Forms that belong to one kind each: commands, calls, headers and files of its own. Nothing here is real. */
export function forms(seed: number): Specimen[] {
  const random = randomText(seed);
  return Object.entries(written(random)).flatMap(([code, texts]) =>
    texts.map(([file, text]) => ({ codes: code.split(','), label: text.slice(0, 60), file, text })),
  );
}

function written(random: RandomText): Record<string, readonly (readonly [string, string])[]> {
  const key32 = () => random.bytes(32).toString('base64');
  const key64 = () => random.bytes(64).toString('base64');
  const awsSecret = () => random.bytes(30).toString('base64');
  const entra = () => `${random.alnum(3)}8Q~${random.alnum(34)}`;
  const awsId = () => `AKIA${random.of('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16)}`;
  const signature = () => encodeURIComponent(key32());
  const dashes = '-----';
  return {
    'SECRET-AWS-SECRET-ACCESS-KEY,SECRET-AWS-ACCESS-KEY-ID': [
      ['a.py', `s3 = boto3.client("s3", aws_access_key_id="${awsId()}", aws_secret_access_key="${awsSecret()}")\n`],
      [
        'a.ts',
        `const c = new S3Client({ credentials: { accessKeyId: '${awsId()}', secretAccessKey: '${awsSecret()}' } });\n`,
      ],
      ['a.py', `session = Session("${awsId()}", "${awsSecret()}")\n`],
      ['credentials', `[default]\naws_access_key_id = ${awsId()}\naws_secret_access_key = ${awsSecret()}\n`],
      ['x.sh', `aws configure set aws_secret_access_key ${awsSecret()}\n`],
      ['keys.csv', `Access key ID,Secret access key\n${awsId()},${awsSecret()}\n`],
      ['a.tf', `provider "aws" {\n  access_key = "${awsId()}"\n  secret_key = "${awsSecret()}"\n}\n`],
      ['b.md', `Use the key \`${awsId()}\` for the demo.\n`],
      ['c.json', JSON.stringify({ Credentials: { SecretAccessKey: awsSecret() } })],
    ],
    'SECRET-AWS-SESSION-TOKEN': [
      ['a.sh', `export AWS_SESSION_TOKEN=FwoGZXIvYXdzE${random.bytes(180).toString('base64')}\n`],
      ['a.py', `headers = {"X-Amz-Security-Token": "IQoJb3JpZ2lu${random.bytes(240).toString('base64')}"}\n`],
    ],
    'SECRET-AZURE-MESSAGING-KEY': [
      ['a.py', `credential = EventHubSharedKeyCredential("RootManageSharedAccessKey", "${key32()}")\n`],
      ['a.ts', `new AzureNamedKeyCredential('listen', '${key32()}');\n`],
      ['a.py', `policy = "listen"\nsas_key = "${key32()}"\n`],
      [
        'k.json',
        JSON.stringify({ keyName: 'RootManageSharedAccessKey', primaryKey: key32(), secondaryKey: key32() }, null, 1),
      ],
      ['x.yaml', `eventHub:\n  namespace: ns.servicebus.windows.net\n  policy: listen\n  key: ${key32()}\n`],
      ['x.md', `The listen key of our event hub is \`${key32()}\`.\n`],
      ['a.sh', `az eventhubs eventhub authorization-rule keys list # SharedAccessKey=${key32()}\n`],
      [
        'x.py',
        `client = EventHubConsumerClient.from_connection_string("Endpoint=sb://n.servicebus.windows.net/;SharedAccessKeyName=a;SharedAccessKey=" + "${key32()}")\n`,
      ],
      ['iot.txt', `HostName=hub.azure-devices.net;DeviceId=d1;SharedAccessKey=${key32()}\n`],
      ['k.txt', `${random.alnum(33)}+AEh${random.of('ABCDEFGHIJKLMNOP', 1)}${random.alnum(5)}=\n`],
    ],
    'SECRET-AZURE-STORAGE-KEY': [
      ['a.sh', `az storage blob list --account-name logs --account-key ${key64()}\n`],
      ['a.sh', `az storage container list --account-name logs --account-key "${key64()}" -o table\n`],
      ['a.sh', `export AZURE_STORAGE_KEY='${key64()}'\n`],
      ['a.py', `service = BlobServiceClient(account_url=url, credential="${key64()}")\n`],
      ['a.ts', `new StorageSharedKeyCredential('logs', '${key64()}');\n`],
      ['a.cs', `var k = "${key64()}";\n`],
      ['a.json', JSON.stringify({ keys: [{ keyName: 'key1', value: key64(), permissions: 'FULL' }] })],
    ],
    'SECRET-AZURE-COSMOS-KEY': [
      ['a.py', `client = CosmosClient("https://db.documents.azure.com:443/", "${key64()}")\n`],
      ['a.ts', `const client = new CosmosClient({ endpoint: 'https://db.documents.azure.com', key: '${key64()}' });\n`],
      ['x.env', `COSMOS_DB_PRIMARY_KEY=${key64()}\n`],
      ['b.env', `MONGO=mongodb://db:${encodeURIComponent(key64())}@db.mongo.cosmos.azure.com:10255/?ssl=true\n`],
    ],
    'SECRET-AZURE-SAS,SECRET-TEAMS-WEBHOOK': [
      [
        'a.sh',
        `azcopy copy "https://logs.blob.core.windows.net/c?sp=r&st=2026-01-01T00:00:00Z&se=2027-01-01T00:00:00Z&spr=https&sv=2022-11-02&sr=c&sig=${signature()}" .\n`,
      ],
      ['a.py', `sas_token = "?sv=2021-08-06&ss=bfqt&srt=sco&sp=rwdlacup&se=2027-01-01&sig=${key32()}"\n`],
      [
        'a.xml',
        `<url>https://l.blob.core.windows.net/c?sv=2022-11-02&amp;sr=c&amp;se=2027&amp;sig=${signature()}</url>\n`,
      ],
      ['a.json', `{"url":"https://l.blob.core.windows.net/c?sv=2022-11-02\\u0026se=2027\\u0026sig=${signature()}"}`],
      [
        'a.yaml',
        `callback: https://prod-1.westeurope.logic.azure.com:443/workflows/${random.of('0123456789abcdef', 32)}/triggers/manual/paths/invoke?api-version=2016-10-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=${random.bytes(32).toString('base64url')}\n`,
      ],
      [
        'a.py',
        `headers = {"Authorization": "SharedAccessSignature sr=sb%3a%2f%2fns&sig=${signature()}&se=1767225600&skn=send"}\n`,
      ],
    ],
    'SECRET-ENTRA-CLIENT-SECRET': [
      ['a.sh', `az login --service-principal -u ${random.uuid()} -p ${entra()} --tenant ${random.uuid()}\n`],
      [
        'a.sh',
        `az login --service-principal \\\n  --username ${random.uuid()} \\\n  --password '${random.alnum(34)}' \\\n  --tenant ${random.uuid()}\n`,
      ],
      ['a.py', `cred = ClientSecretCredential("${random.uuid()}", "${random.uuid()}", "${random.alnum(34)}")\n`],
      [
        'a.py',
        `app = msal.ConfidentialClientApplication(CLIENT_ID, authority=AUTHORITY, client_credential="${random.alnum(32)}")\n`,
      ],
      ['a.ts', `new ClientSecretCredential(tenantId, clientId, '${entra()}');\n`],
      [
        'a.yaml',
        `azure:\n  tenant_id: ${random.uuid()}\n  client_id: ${random.uuid()}\n  client_secret: ${random.alnum(32)}\n`,
      ],
      ['main.tf', `provider "azurerm" {\n  client_secret = "${random.alnum(34)}"\n}\n`],
      ['form.py', `data = {"grant_type": "client_credentials", "client_secret": "${random.alnum(36)}"}\n`],
      [
        'curl.sh',
        `curl -d "grant_type=client_credentials&client_id=${random.uuid()}&client_secret=${random.alnum(36)}" https://login.microsoftonline.com/t/oauth2/v2.0/token\n`,
      ],
      [
        'sp.json',
        JSON.stringify({ appId: random.uuid(), displayName: 'sp', password: entra(), tenant: random.uuid() }, null, 2),
      ],
    ],
    'SECRET-GCP-SERVICE-ACCOUNT-KEY,SECRET-PRIVATE-KEY': [
      [
        'sa.json',
        JSON.stringify(
          {
            type: 'service_account',
            private_key_id: random.of('0123456789abcdef', 40),
            private_key: `${dashes}BEGIN PRIVATE KEY${dashes}\nMIIE${random.alnum(60)}\n${random.alnum(64)}\n${dashes}END PRIVATE KEY${dashes}\n`,
            client_email: 'x@y.iam.gserviceaccount.com',
          },
          null,
          2,
        ),
      ],
      [
        'a.py',
        `KEY = """${dashes}BEGIN RSA PRIVATE KEY${dashes}\nMIIE${random.alnum(60)}\n${random.alnum(64)}\n${dashes}END RSA PRIVATE KEY${dashes}"""\n`,
      ],
      [
        'a.ts',
        `const key = [\n  '${dashes}BEGIN EC PRIVATE KEY${dashes}',\n  'MHcC${random.alnum(60)}',\n  '${random.alnum(64)}',\n].join('\\n');\n`,
      ],
      [
        'a.js',
        `const key = '${dashes}BEGIN PRIVATE KEY${dashes}\\n' +\n  'MIIE${random.alnum(60)}\\n' +\n  '${random.alnum(64)}\\n';\n`,
      ],
      [
        'id_rsa',
        `${dashes}BEGIN RSA PRIVATE KEY${dashes}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,${random.of('0123456789ABCDEF', 32)}\n\n${random.alnum(64)}\n${random.alnum(64)}\n`,
      ],
      [
        'key.pem',
        `${dashes}BEGIN ENCRYPTED PRIVATE KEY${dashes}\r\nMIIFHDBOBgkq${random.alnum(52)}\r\n${random.alnum(64)}\r\n`,
      ],
      [
        '.env',
        `GOOGLE_APPLICATION_CREDENTIALS_B64=${Buffer.from(JSON.stringify({ type: 'service_account', private_key: `${dashes}BEGIN PRIVATE KEY${dashes}\nMIIE${random.alnum(60)}\n${random.alnum(64)}\n` })).toString('base64')}\n`,
      ],
      [
        'k.yaml',
        `tls.key: |\n  ${dashes}BEGIN PRIVATE KEY${dashes}\n  MIIE${random.alnum(60)}\n  ${random.alnum(64)}\n`,
      ],
      ['k.json', JSON.stringify({ kty: 'RSA', n: random.alnum(342), e: 'AQAB', d: random.alnum(342) })],
    ],
    'SECRET-SLACK': [
      [
        'a.py',
        `WebClient(token="xoxp-${random.of('0123456789', 11)}-${random.of('0123456789', 11)}-${random.of('0123456789', 12)}-${random.of('0123456789abcdef', 32)}")\n`,
      ],
      [
        'a.sh',
        `curl -X POST https://hooks.slack.com/services/T${random.of('ABCDEFGH0123456789', 10)}/B${random.of('ABCDEFGH0123456789', 10)}/${random.alnum(24)}\n`,
      ],
      [
        'a.env',
        `SLACK_APP_TOKEN=xapp-1-A${random.of('ABCDEF0123456789', 10)}-${random.of('0123456789', 13)}-${random.of('0123456789abcdef', 64)}\n`,
      ],
    ],
    'SECRET-OKTA-TOKEN': [
      ['a.sh', `curl -H "Authorization: SSWS 00${random.alnum(40)}" https://x.okta.com/api/v1/logs\n`],
      ['a.py', `client = OktaClient({"orgUrl": "https://x.okta.com", "token": "00${random.alnum(40)}"})\n`],
      [
        'a.py',
        `headers = {"Authorization": f"SSWS {'00${random.alnum(20)}' '${random.alnum(20)}'}"}\ntoken = "00${random.alnum(40)}"\n`,
      ],
    ],
    'SECRET-CROWDSTRIKE-CLIENT-SECRET': [
      [
        'a.py',
        `from falconpy import APIHarnessV2\nfalcon = APIHarnessV2(client_id="${random.of('0123456789abcdef', 32)}", client_secret="${random.alnum(40)}")\n`,
      ],
      [
        'a.yaml',
        `crowdstrike:\n  clientId: ${random.of('0123456789abcdef', 32)}\n  clientSecret: ${random.alnum(40)}\n`,
      ],
    ],
    'SECRET-SPLUNK-HEC-TOKEN': [
      ['a.sh', `curl https://splunk.internal:8088/services/collector -H "Authorization: Splunk ${random.uuid()}"\n`],
      ['a.yaml', `splunk:\n  url: https://splunk.internal:8088\n  token: ${random.uuid()}\n`],
      ['inputs.conf', `[http://slake]\n# Splunk HTTP Event Collector\ntoken = ${random.uuid()}\n`],
    ],
    'SECRET-PYPI-TOKEN,SECRET-NPM-TOKEN': [
      ['.pypirc', `[pypi]\nusername = __token__\npassword = pypi-AgEIcHlwaS5vcmcCJ${random.alnum(140)}\n`],
      ['.npmrc', `//registry.internal/:_authToken=npm_${random.alnum(36)}\n`],
      ['.npmrc', `//registry.internal/:_authToken=${random.uuid()}\n`],
    ],
    'SECRET-URL-PASSWORD,SECRET-PASSWORD': [
      ['a.py', `engine = create_engine("postgresql+psycopg2://app:${random.alnum(8)}%40x@db.internal/app")\n`],
      ['a.env', `REDIS_URL=redis://:${random.alnum(16)}@cache.internal:6379/0\n`],
      ['a.sh', `git clone https://deploy:${random.alnum(20)}@git.internal/a.git\n`],
      ['a.yaml', `amqp: amqps://ingest:Tr0ub4dor-${random.alnum(4)}@mq.internal/vhost\n`],
      [
        'a.cs',
        `var c = "Server=tcp:db.database.windows.net;User ID=app;Password=${random.alnum(8)}!x;Encrypt=True";\n`,
      ],
    ],
    'SECRET-PASSWORD,SECRET-GENERIC,SECRET-AUTHORIZATION': [
      ['a.py', `def connect():\n    return login(user="svc", password="Winter${random.of('0123456789', 4)}!")\n`],
      ['a.ts', `const options = { user: 'svc', password: 'hunter${random.of('23456789', 3)}' };\n`],
      ['a.yaml', `database:\n  username: app\n  password: S3cure-${random.alnum(6)}\n`],
      ['docker-compose.yml', `environment:\n  - POSTGRES_PASSWORD=${random.alnum(12)}9\n`],
      ['a.py', `if password == "Sommer${random.of('0123456789', 4)}$":\n    pass\n`],
      ['a.properties', `spring.datasource.password=${random.alnum(12)}1\n`],
      ['a.sh', `curl -u admin:${random.alnum(12)}7 https://x.internal\n`],
      ['a.sh', `curl -H "Authorization: Bearer ${random.alnum(40)}" https://x.internal\n`],
      ['a.py', `headers = {"Authorization": "Basic ${Buffer.from(`svc:${random.alnum(12)}`).toString('base64')}"}\n`],
      [
        'a.yaml',
        `apiVersion: v1\nkind: Secret\ndata:\n  password: ${Buffer.from(`Wn${random.alnum(9)}!7`).toString('base64')}\n`,
      ],
      ['a.py', `API_TOKEN: Final[str] = "${random.alnum(36)}"\n`],
      ['a.ts', `headers: { 'x-functions-key': '${random.alnum(54)}==' }\n`],
      ['a.json', JSON.stringify({ encryptionKey: random.of('0123456789abcdef', 64) })],
    ],
    'SECRET-PASSWORD,SECRET-GENERIC,SECRET-JWT': [
      ['a.env', `DB_PASSWORD=P@$$w${random.alnum(5)}!9\n`],
      ['a.sh', `mysql -h db -u root -pS3${random.alnum(8)}! events\n`],
      ['a.sh', `sshpass -p 'Aa1${random.alnum(8)}' ssh svc@host\n`],
      ['a.sh', `docker login -u svc -p Zz9${random.alnum(12)} repo.internal\n`],
      ['a.env', `AZURE_DEVOPS_EXT_PAT=${random.alnum(52)}\n`],
      ['a.ts', `new Function(this, 'F', { environment: { PARTNER_TOKEN: '${random.alnum(40)}' } });\n`],
      ['a.txt', `Cookie: session=eyJ${random.alnum(40)}.eyJ${random.alnum(80)}.${random.alnum(43)}\n`],
    ],
    'SECRET-CDK-PLAIN-TEXT,SECRET-PASSWORD': [
      ['a.ts', `new Secret(this, 'S', { secretStringValue: SecretValue.unsafePlainText('${random.alnum(14)}') });\n`],
      ['a.ts', `cdk.SecretValue.unsafePlainText(\n  "horse-battery-${random.alnum(4)}",\n)\n`],
      ['a.py', `SecretValue.unsafe_plain_text("${random.alnum(12)}")\n`],
      ['t.yaml', `Type: AWS::SecretsManager::Secret\nProperties:\n  SecretString: "${random.alnum(18)}"\n`],
    ],
    'SECRET-AZURE-MESSAGING-KEY,SECRET-AZURE-STORAGE-KEY': [
      [
        's.yaml',
        `data:\n  conn: ${Buffer.from(`Endpoint=sb://n.servicebus.windows.net/;SharedAccessKeyName=a;SharedAccessKey=${key32()}`).toString('base64')}\n`,
      ],
      [
        'b.txt',
        `${(
          Buffer.from(`DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${key64()}`)
            .toString('base64')
            .match(/.{1,76}/g) ?? []
        ).join('\n')}\n`,
      ],
      [
        'c.py',
        `CONN = base64.b64decode(b"${Buffer.from(`Endpoint=sb://n/;SharedAccessKey=${key32()}`).toString('base64')}").decode()\n`,
      ],
    ],
  };
}

/** What looks like a secret and is none. */
export function harmless(seed: number): Specimen[] {
  const random = randomText(seed);
  const hex = (length: number) => random.of('0123456789abcdef', length);
  const sha512 = random.bytes(64).toString('base64');
  const image = `iVBORw0KGgoAAAANSUhEUgAA${random.bytes(900).toString('base64')}`;
  const jwt = ['{"alg":"HS256","typ":"JWT"}', '{"sub":"1234567890","name":"John Doe","iat":1516239022}']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
  const emulatorKey = [
    'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq',
    'K1SZFPTOtr',
    'KBHBeksoGMGw==',
  ].join('/');
  const texts: (readonly [string, string])[] = [
    ['a.env', 'AZURE_CLIENT_SECRET=<your-client-secret>\n'],
    ['a.env', 'AZURE_CLIENT_SECRET=\nDB_PASSWORD=changeme\nTOKEN=xxxxxxxxxxxxxxxxxxxxxxxxxxxx\n'],
    [
      'a.sh',
      'export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nexport AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n',
    ],
    [
      'a.sh',
      'TOKEN=$(aws secretsmanager get-secret-value --secret-id azure-credentials)\nPASSWORD=$1\nexport API_KEY="$' +
        '{API_KEY}"\n',
    ],
    [
      'a.yaml',
      `conn: DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=${emulatorKey};BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;\n`,
    ],
    ['a.md', `A token looks like \`${jwt}.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c\`.\n`],
    ['a.md', 'Set `ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` or `xoxb-your-token-here`.\n'],
    ['a.md', 'Endpoint=sb://<namespace>.servicebus.windows.net/;SharedAccessKeyName=<policy>;SharedAccessKey=<key>\n'],
    ['package-lock.json', JSON.stringify({ integrity: `sha512-${sha512}` })],
    ['a.html', `<script integrity="sha512-${sha512}"></script>`],
    ['requirements.txt', `x==1 \\\n    --hash=sha256:${hex(64)}\n`],
    ['a.yaml', `uses: actions/checkout@${hex(40)}\n`],
    ['a.ts', `const COMMIT = '${hex(40)}';\nconst sha256 = '${hex(64)}';\n`],
    ['a.json', JSON.stringify({ tenantId: random.uuid(), clientId: random.uuid(), subscription_id: random.uuid() })],
    ['a.json', JSON.stringify({ private_key_id: hex(40), keyId: random.uuid(), kmsKeyId: random.uuid() })],
    [
      'a.ts',
      `const secretArn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:azure-credentials-${random.alnum(6)}';\n`,
    ],
    [
      'a.ts',
      `const HERE = \`us-east-1:\${ACCOUNT}\`;\nconst SECRET = \`arn:aws:secretsmanager:\${HERE}:secret:credentials-a1b2c3\`;\n`,
    ],
    ['a.ts', `const key = 'arn:aws:kms:eu-central-1:123456789012:key/${random.uuid()}';\n`],
    [
      'a.yaml',
      'secretName: azure-credentials\nsecret: azure-credentials\npasswordSecret: prod/db/password-2\ntoken: okta-api-token-v2\n',
    ],
    [
      'a.ts',
      "const password = await readSecret('feeds-credentials');\nconst token = process.env.OKTA_API_TOKEN;\nconst apiKey = config.apiKey;\n",
    ],
    [
      'a.py',
      'password = os.environ["DB_PASSWORD"]\ntoken = get_token(scope="https://graph.microsoft.com/.default")\nauth = AWSV4SignerAuth(credentials, region, service)\n',
    ],
    ['a.py', 'client_secret = secrets["client_secret"]\nclient_secret=self.settings.client_secret_value,\n'],
    ['a.ts', "SecretValue.secretsManager('azure-credentials');\nSecretValue.ssmSecure('/slake/prod/token', '1');\n"],
    [
      'a.pem',
      `-----BEGIN CERTIFICATE-----\nMIID${random.alnum(60)}\n${random.alnum(64)}\n-----END CERTIFICATE-----\n-----BEGIN PUBLIC KEY-----\nMIIB${random.alnum(60)}\n-----END PUBLIC KEY-----\n`,
    ],
    [
      'id.pub',
      `ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ${random.alnum(300)} me@host\nssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${random.alnum(43)} me\n`,
    ],
    ['a.ts', "if (text.includes('-----BEGIN PRIVATE KEY-----')) return;\n"],
    ['a.md', '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n'],
    ['a.html', `<img src="data:image/png;base64,${image}">`],
    ['a.md', `![x](data:image/png;base64,${image})`],
    [
      'a.env',
      'DATABASE_URL=postgres://user:password@localhost:5432/app\nU=https://$' +
        '{USER}:$' +
        '{TOKEN}@github.com/x/y\nP=postgres://postgres:postgres@db/x\n',
    ],
    ['a.py', 'url = f"postgresql://{user}:{password}@{host}/x"\nfmt = "https://%s:%s@%s"\n'],
    [
      'a.yaml',
      'password: "{{resolve:secretsmanager:azure-credentials:SecretString:password}}"\ntoken: $' +
        '{{ secrets.GITHUB_TOKEN }}\nkey: !Ref KeyParameter\n',
    ],
    [
      'a.json',
      JSON.stringify({
        passwordPolicy: 'AtLeast12Characters',
        tokenEndpoint: 'https://login.microsoftonline.com/x/oauth2/v2.0/token',
        secretsManagerVersion: '2017-10-17',
      }),
    ],
    [
      'a.ts',
      `const etag = '"${hex(32)}"';\nconst md5 = '${hex(32)}';\nconst partitionKey = 'azure#${hex(8)}';\nconst nextToken = response.NextToken;\n`,
    ],
    [
      'a.md',
      'The password must have at least 12 characters. The token is stored in Secrets Manager. Password: see the vault.\n',
    ],
    ['a.ts', `const traceId = '1-${hex(8)}-${hex(24)}';\nconst publicKeyToken = 'b77a5c561934e089';\n`],
    [
      'a.json',
      JSON.stringify({
        accountId: '123456789012',
        sequenceToken: '49590338271490256608559692538361571095921575989136588898',
      }),
    ],
    [
      'a.sh',
      'az login --service-principal -u "$APP_ID" -p "$CLIENT_SECRET" --tenant "$TENANT"\ncurl -u "$USER:$PASSWORD" https://x\ncurl -H "Authorization: Bearer $TOKEN" https://x\n',
    ],
    [
      'a.md',
      'https://account.blob.core.windows.net/c?sv=2022-11-02&se=2027-01-01&sr=c&sig=<signature>\n&sig=REDACTED&se=1\n',
    ],
    [
      'a.ts',
      'export type TokenProvider = (scope: string) => Promise<AccessToken>;\ninterface Secret { password: string; apiKey?: string }\n',
    ],
    ['a.env', `SharedAccessKey=${Buffer.from('fake-key-for-tests-only-1234-5678').toString('base64')}\n`],
    ['a.ts', "const text = { password: 'Password required!', token: 'Invalid token.' };\n"],
    ['a.env', 'AWS_ACCESS_KEY_ID=AKIAXXXXXXXXXXXXXXXX\nGOOGLE_API_KEY=AIzaSyXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX\n'],
    [
      'a.py',
      'api_key = "test_key_12345678901234"\ntoken = "abc123def456ghi789jkl"\npassword = getpass("Password: ")\n',
    ],
    ['a.yaml', `thumbprint: ${hex(40).toUpperCase()}\nfingerprint: SHA256:${random.bytes(32).toString('base64')}\n`],
    ['Dockerfile', 'ARG NPM_TOKEN\nENV TOKEN_FILE=/run/secrets/token\nENV PASSWORD_FILE /run/secrets/db_password_1\n'],
  ];
  return texts.map(([file, text]) => ({ codes: [], label: text.slice(0, 60), file, text }));
}
