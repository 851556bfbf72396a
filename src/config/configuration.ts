// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { DEFAULT_OCSF_VERSION } from '../ocsf/index.ts';
import { environmentNames, withEnvironments } from './environments.ts';
import { regions } from './regions.ts';
import { type Shape, shapeOf } from './shape.ts';

/**
 * Days a CloudWatch log group can keep its events.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
export const logRetentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** AWS allows 50 tags on a resource; the rest is left to the tags that stacks and AWS services add. */
const maxTags = 40;

/**
 * Versions that Security Lake takes.
 * @see https://docs.aws.amazon.com/security-lake/latest/userguide/custom-sources.html
 */
export const OcsfVersion = z.enum(['1.3.0', '1.1.0'], 'Security Lake takes OCSF 1.3 and earlier from custom sources');

const SecurityLake = z.strictObject({
  externalId: z
    .string()
    .min(2)
    .max(1224)
    .regex(/^[\w+=,.@:/-]*$/)
    .meta({
      description:
        'External id that a role must present to write into the lake; choose a text that nobody else uses. It is no secret, but it is what keeps another account from writing under your name.',
      patternErrorMessage: 'only letters, digits and _ + = , . @ : / - are allowed',
      examples: ['security-lake-integration'],
    }),
  s3Bucket: z
    .string()
    .min(3)
    .max(63)
    .regex(/^[a-z0-9][a-z0-9.-]*[a-z0-9]$/)
    .optional()
    .meta({
      description:
        'Name of the bucket of Security Lake in this Region. Only checks and outputs use it; where events are written is the answer of the Security Lake API.',
      patternErrorMessage: 'must be the name of a bucket: small letters, digits, dots and hyphens',
      examples: ['aws-security-data-lake-us-east-1-example'],
    }),
  crawlerRoleArn: z
    .string()
    .regex(/^arn:aws(-us-gov)?:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/)
    .optional()
    .meta({
      description: 'Role with which Glue crawls the custom sources. The core stack makes one where this is not given.',
      patternErrorMessage: 'must be the ARN of a role, arn:aws:iam::<account>:role/<name>',
      examples: ['arn:aws:iam::123456789012:role/SecurityLakeCrawler'],
    }),
  ocsfVersion: OcsfVersion.default(DEFAULT_OCSF_VERSION).meta({
    description: 'Version of OCSF the events are written in; 1.3.0 is the newest that Security Lake takes.',
  }),
});

/**
 * What can be said of the key that the core stack makes.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
 */
const Kms = z.strictObject({
  rotationDays: z.int().min(90).max(2560).default(365).meta({
    description: 'Days after which KMS gives the key new material; what is encrypted stays readable.',
  }),
  pendingWindowDays: z.int().min(7).max(30).default(30).meta({
    description: 'Days a key that is deleted with its stack can still be called back.',
  }),
});

const Pipeline = z.strictObject({
  rawRetentionDays: z.int().min(1).max(3650).default(30).meta({
    description: 'Days the raw events are kept; that long a corrected mapping can be applied to them again.',
  }),
  rejectedRetentionDays: z.int().min(1).max(3650).default(90).meta({
    description: 'Days the events are kept that could not be mapped or are no valid OCSF.',
  }),
  maximumReceives: z.int().min(1).max(1000).default(5).meta({
    description: 'Tries of a pointer to raw events before it becomes a dead letter.',
  }),
  queueRetentionDays: z.int().min(1).max(13).default(4).meta({
    description: 'Days a pointer waits in the queue of its module, while the module is stopped or fails.',
  }),
  deadLetterRetentionDays: z.int().min(2).max(14).default(14).meta({
    description: 'Days a dead letter is kept, counted from when its pointer was sent; more than queueRetentionDays.',
  }),
  logLevel: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']).default('INFO').meta({
    description: 'What the functions log. Events and secrets are logged at no level.',
  }),
});

const Alarms = z.strictObject({
  enabled: z.boolean().default(true).meta({
    description: 'Whether alarms are made: dead letters, rejected events, failing or silent sources.',
  }),
  emails: z
    .array(z.email())
    .max(20)
    .default([])
    .meta({
      description: 'Addresses that are told of an alarm; each must confirm the subscription once.',
      examples: [['security-team@example.com']],
    }),
  deadLetters: z.int().min(0).max(10_000).default(0).meta({
    description: 'Dead letters of a module that raise no alarm yet.',
  }),
  rejectedEvents: z.int().min(0).max(1_000_000).default(0).meta({
    description: 'Rejected events of a module in five minutes that raise no alarm yet.',
  }),
  oldestPointerMinutes: z.int().min(5).max(1440).default(60).meta({
    description: 'Minutes the events of a module may wait for the transformer before an alarm is raised.',
  }),
});

const Dashboard = z.strictObject({
  enabled: z.boolean().default(true).meta({ description: 'Whether a CloudWatch dashboard is made.' }),
});

const Monitoring = z.strictObject({
  alarms: Alarms.prefault({}).meta({ description: 'Alarms of CloudWatch.' }),
  dashboard: Dashboard.prefault({}).meta({ description: 'Dashboard of CloudWatch.' }),
  logRetentionDays: z.literal(logRetentionDays).default(90).meta({
    description: 'Days the logs of the functions are kept.',
  }),
});

const Tags = z
  .record(
    z
      .string()
      .min(1)
      .max(128)
      .regex(/^(?![aA][wW][sS]:)[\p{L}\p{Z}\p{N}_.:/=+@-]+$/u)
      .meta({
        patternErrorMessage: 'only letters, digits, spaces and _ . : / = + - @ are allowed, and no aws: in front',
      }),
    z
      .string()
      .max(256)
      .regex(/^[\p{L}\p{Z}\p{N}_.:/=+@-]*$/u)
      .meta({ patternErrorMessage: 'only letters, digits, spaces and _ . : / = + - @ are allowed' }),
  )
  .refine((tags) => Object.keys(tags).length <= maxTags, `at most ${maxTags} tags`);

const project = z.strictObject({
  projectName: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,40}$/)
    .default('security-lake-integration')
    .meta({
      description: 'Name of the stacks (<projectName>-<environment>) and start of the names in them.',
      patternErrorMessage: 'must be 2 to 41 small letters, digits and hyphens, beginning with a letter',
    }),
  environment: z.enum(environmentNames).meta({
    description:
      'What the deployment is for. prod makes some values obligatory (see encryption, terminationProtection and monitoring.alarms).',
    examples: ['dev'],
  }),
  awsRegion: z.enum(regions).meta({
    description: 'AWS Region of the stacks; Security Lake must be enabled in it.',
    examples: ['us-east-1'],
  }),
  accountId: z
    .string()
    .regex(/^\d{12}$/)
    .optional()
    .meta({
      description:
        'Account that is deployed to, in quotes; a deployment with credentials of another account is refused. Without it the account is that of the credentials.',
      patternErrorMessage: 'must be 12 digits in quotes',
      examples: ['123456789012'],
    }),
  tags: Tags.default({}).meta({
    description: `Tags of every resource, at most ${maxTags}.`,
    examples: [{ CostCenter: 'security' }],
  }),
  encryption: z.enum(['CUSTOMER_MANAGED_CMK', 'AWS_OWNED_CMK']).default('CUSTOMER_MANAGED_CMK').meta({
    description:
      'Key that encrypts queues, buckets, tables, topics, logs and secrets: one made by the core stack, or those that AWS owns (no charge, no key policy, no audit of its use).',
  }),
  kms: Kms.prefault({}).meta({
    description: 'The key of encryption CUSTOMER_MANAGED_CMK, which the core stack makes.',
  }),
  terminationProtection: z
    .boolean()
    .optional()
    .meta({
      description: 'Whether the stacks refuse to be deleted. Without it: true in prod, false elsewhere.',
      examples: [true],
    }),
  securityLake: SecurityLake.meta({ description: 'The lake the events are written to.' }),
  pipeline: Pipeline.prefault({}).meta({ description: 'The way of the events from source to lake.' }),
  monitoring: Monitoring.prefault({}).meta({ description: 'How the pipeline is watched.' }),
});

/** The transformer of one module, where it is to differ from what the module says. */
const TransformerOverrides = z.strictObject({
  memoryMb: z
    .int()
    .min(256)
    .max(10_240)
    .optional()
    .meta({
      description: 'Memory of the transformer in MB; a whole vCPU comes with 1769. Without it: what the module says.',
      examples: [3008],
    }),
  timeoutSeconds: z
    .int()
    .min(30)
    .max(900)
    .optional()
    .meta({
      description: 'Seconds the transformer has for one raw object. Without it: what the module says.',
      examples: [600],
    }),
  maximumConcurrency: z
    .int()
    .min(2)
    .max(1000)
    .optional()
    .meta({
      description: 'Raw objects of the module that are transformed at a time. Without it: what the module says.',
      examples: [20],
    }),
});

/** What stands under `integrations.<id>`; `config` is the module's own. */
function integrationOf(config: z.ZodType) {
  return z.strictObject({
    enabled: z.boolean().meta({
      description: 'false stops the module (schedules and event sources off) and keeps everything it has.',
      examples: [true],
    }),
    package: z
      .string()
      .max(214)
      .regex(/^(@[a-z0-9-~][a-z0-9-._~]*\/)?[a-z0-9-~][a-z0-9-._~]*$/)
      .optional()
      .meta({
        description: 'The npm package that holds the module, where it is none of those in modules/.',
        patternErrorMessage: 'must be the name of an npm package',
        examples: ['@example/slake-okta'],
      }),
    ocsfVersion: OcsfVersion.optional().meta({
      description:
        'Version of OCSF the events of this module are written in, where it differs from securityLake.ocsfVersion.',
      examples: ['1.1.0'],
    }),
    transformer: TransformerOverrides.optional().meta({
      description: 'The function that maps the events of this module.',
    }),
    config: config.prefault({} as never).meta({ description: 'Configuration of the module.' }),
  });
}

/** A module as far as its configuration goes; keyed by module id. */
export type ConfigurableModules = Readonly<Record<string, { readonly configSchema: z.ZodType }>>;

const configurations = new WeakMap<ConfigurableModules, ReturnType<typeof compose>>();

/** The schema of a whole configuration file, given the modules that are present; the same for the same modules. */
export function configurationOf(modules: ConfigurableModules): ReturnType<typeof compose> {
  const made = configurations.get(modules) ?? compose(modules);
  configurations.set(modules, made);
  return made;
}

/** What may be written in a configuration file, given the modules that are present. */
export function fileShapeOf(modules: ConfigurableModules): Shape {
  return withEnvironments(shapeOf(configurationOf(modules)));
}

function compose(modules: ConfigurableModules) {
  const integrations = Object.fromEntries(
    Object.entries(modules).map(([id, { configSchema }]) => [
      id,
      integrationOf(configSchema)
        .optional()
        .meta({ description: `The module ${id}. Without it the module is not deployed.` }),
    ]),
  );
  return project.extend({
    integrations: z.strictObject(integrations).prefault({}).meta({
      description:
        'The modules to deploy, by module id. One that comes as an npm package is named with package: <name>.',
    }),
  });
}

/** One entry of `integrations`, as its module's schema has parsed it. */
export interface Integration {
  readonly enabled: boolean;
  readonly package?: string | undefined;
  readonly ocsfVersion?: string | undefined;
  readonly transformer?: z.output<typeof TransformerOverrides> | undefined;
  readonly config: unknown;
}

/** A valid configuration with every default applied. */
export interface Configuration extends Omit<z.output<typeof project>, 'terminationProtection'> {
  readonly terminationProtection: boolean;
  readonly integrations: Readonly<Record<string, Integration>>;
}

/** Settles what depends on other keys. */
export function settle(parsed: z.output<ReturnType<typeof configurationOf>>): Configuration {
  return {
    ...parsed,
    terminationProtection: parsed.terminationProtection ?? parsed.environment === 'prod',
    integrations: parsed.integrations as Readonly<Record<string, Integration>>,
  };
}
