// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { aws_dynamodb, aws_iam, aws_kms, aws_lambda, aws_s3, aws_sns, aws_sqs } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** One thing wrong, or soon to be wrong, with a module's configuration. */
export interface ValidationIssue {
  /** Keys from `integrations.<module>.config` down to the value; empty for the whole. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export interface ValidationResult {
  readonly valid: boolean;
  readonly errors: readonly ValidationIssue[];
  /** Deprecated keys in use; they never make a configuration invalid. */
  readonly warnings: readonly ValidationIssue[];
}

export type FunctionRuntime = 'python' | 'typescript';

/** Where the code of a function stands. */
export interface FunctionSource {
  /** Relative to the module's folder. */
  readonly folder: string;
  /** `<file>.<function>` in that folder. */
  readonly handler: string;
  readonly runtime: FunctionRuntime;
}

/** The same, ready for Lambda. */
export interface FunctionBundle {
  readonly code: aws_lambda.Code;
  readonly handler: string;
}

/** What a module may know about the deployment it is part of. */
export interface ProjectConfig {
  readonly projectName: string;
  readonly environment: string;
  readonly logLevel: string;
  /** Days CloudWatch Logs keeps the lines of a function. */
  readonly logRetentionDays: number;
  readonly architecture: aws_lambda.Architecture;
}

/** What the framework has made before a module's own resources; everything a module may touch. */
export interface CoreResources {
  /** The module's own queue; pointers or inline CloudEvents batches go here. */
  readonly eventTransformerQueue: aws_sqs.IQueue;
  readonly eventTransformerDeadLetterQueue: aws_sqs.IQueue;
  /** The project's key; absent when AWS owned keys are configured. */
  readonly sharedKmsKey?: aws_kms.IKey;
  /** Raw objects of this module stand under `raw/<module>/`. */
  readonly rawBucket: aws_s3.IBucket;
  /** Keys `pk`, `sk`; a module's partition keys start with `<module>#`. */
  readonly checkpointTable: aws_dynamodb.ITable;
  readonly alarmTopic: aws_sns.ITopic;
  readonly projectConfig: ProjectConfig;
  /** False for a module that is deployed and stopped: schedules and event sources must be off. */
  readonly enabled: boolean;
  /** Bundles a function for the platform that is deployed to. */
  readonly bundle: (source: FunctionSource) => FunctionBundle;
}

/** One function whose health can be told from its metrics. */
export interface HealthCheck {
  readonly functionName: string;
  /** A healthy function is invoked at least this often; absent for one without a schedule. */
  readonly expectedEveryMinutes?: number;
}

/** What `verify` and the alarms of a module look at. */
export interface HealthCheckConfig {
  readonly functions: readonly HealthCheck[];
  /** Names of secrets that must exist and hold a value. */
  readonly secrets: readonly string[];
}

export interface ModuleOutput {
  readonly value: string;
  readonly description: string;
}

/** Outputs of the module's stack, by output name (letters and digits, starting with a letter). */
export type ModuleOutputs = Readonly<Record<string, ModuleOutput>>;

/** Something that stays behind when the module's stack is removed. */
export interface Leftover {
  readonly kind: 'secret' | 'checkpoints' | 'raw-objects' | 'lake-objects' | 'source-cloud';
  readonly name: string;
  /** What it is and how to remove it. */
  readonly description: string;
}

/**
 * An integration: everything about one source of events.
 *
 * `defineModule` makes one from a definition; a class may implement it by hand. `config` is always the value of
 * `integrations.<module>.config`, unparsed: a module parses what it was given.
 */
export interface IIntegrationModule {
  /** Name of the module's folder; lower case letters, digits and dashes. */
  readonly moduleId: string;
  readonly moduleName: string;
  /** Semantic version; the newest entry of CHANGELOG.md. */
  readonly moduleVersion: string;
  readonly moduleDescription: string;

  /** Judges a configuration; never throws. */
  validateConfig(config: unknown): ValidationResult;

  /** Adds the module's own resources to its stack; the queue, transformer and lake sources are there already. */
  createResources(scope: Construct, coreResources: CoreResources, config: unknown): void;

  /**
   * What the module's functions may do beyond what every processor may: each statement with a Sid and explicit ARNs.
   * Without a configuration its defaults are taken.
   */
  getRequiredPermissions(config?: unknown): aws_iam.PolicyStatement[];

  /** What tells a healthy module; alarms and `verify` are made of it. */
  getHealthCheckConfig?(config?: unknown): HealthCheckConfig;

  /** Outputs of the module's stack beside those of the framework. */
  getModuleOutputs?(config?: unknown): ModuleOutputs;

  /** What removing the module's stack leaves behind; shown before and after a removal, removes nothing by itself. */
  cleanup?(config?: unknown): readonly Leftover[];
}
