// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The pinned Node, with the heap that a function of so many MB (AWS_LAMBDA_FUNCTION_MEMORY_SIZE) has in Lambda. */
export const NODE_OF_LAMBDA = fileURLToPath(new URL('bin/node', import.meta.url));

/** What identifies one embedded AWS to its clients. */
export interface AwsIdentity {
  readonly endpoint: string;
  readonly accountId: string;
  readonly region: string;
}

/** MiniStack takes an access key of 12 digits as the account's id; any secret will do. */
const SECRET_ACCESS_KEY = 'embedded';

/** Settings with which a client of the AWS SDK reaches the embedded AWS, whatever the environment says. */
export function clientSettings({ endpoint, accountId, region }: AwsIdentity) {
  return { endpoint, region, credentials: { accessKeyId: accountId, secretAccessKey: SECRET_ACCESS_KEY } } as const;
}

/**
 * Variables with which any AWS SDK, the AWS CLI and the CDK reach the embedded AWS and nothing else.
 * A caller lays them over an environment from which
 * `AWS_PROFILE` and `AWS_SESSION_TOKEN` are removed, since the SDKs prefer a profile to keys.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function clientEnvironment({ endpoint, accountId, region }: AwsIdentity): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: accountId,
    AWS_SECRET_ACCESS_KEY: SECRET_ACCESS_KEY,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/** What the environment of the server is made of. */
export interface ServerSettings {
  readonly port: number;
  readonly accountId: string;
  readonly region: string;
  /** Folder for everything it or a Lambda function writes; emptied by nobody else. */
  readonly workFolder: string;
  /** `node_modules` of the project, with the AWS SDK that Node functions expect of their runtime. */
  readonly nodeModules: string;
  /** Whether IAM policies decide. */
  readonly enforcePermissions: boolean;
  /** Further variables, which Lambda functions see too. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The whole environment of the MiniStack process, which its Lambda functions inherit: of the caller's own only the
 * PATH and the locale, so that neither a function nor the server finds a person's AWS profile, proxy or Docker.
 */
export function serverEnvironment(
  settings: ServerSettings,
  own: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const { port, workFolder, nodeModules } = settings;
  return {
    PATH: [dirname(NODE_OF_LAMBDA), own.PATH ?? ''].join(delimiter),
    LANG: own.LANG ?? 'C.UTF-8',
    HOME: workFolder,
    TMPDIR: workFolder,
    PYTHONDONTWRITEBYTECODE: '1',
    NODE_PATH: nodeModules,
    // MiniStack's own start-up code calls url.parse; its warning would stand in the log of every function.
    NODE_OPTIONS: '--disable-warning=DEP0169',
    AWS_CONFIG_FILE: join(workFolder, 'no-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(workFolder, 'no-credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    MINISTACK_HOST: '127.0.0.1',
    MINISTACK_ACCOUNT_ID: settings.accountId,
    MINISTACK_REGION: settings.region,
    S3_DATA_DIR: join(workFolder, 's3'),
    STATE_DIR: join(workFolder, 'state'),
    AUTH: String(settings.enforcePermissions),
    LAMBDA_EXECUTOR: 'local',
    DOCKER_HOST: `unix://${join(workFolder, 'no-docker.sock')}`,
    SFTP_ENABLED: '0',
    IOT_MTLS_ENABLED: '0',
    LOG_LEVEL: 'INFO',
    ...settings.environment,
  };
}
