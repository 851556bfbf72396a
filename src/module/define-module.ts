// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { Aws, aws_iam as iam } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { z } from 'zod';
import { Failure } from '../errors/failure.ts';
import { moduleConfigInvalid, moduleDefinitionWrong } from '../errors/module.ts';
import type { Acknowledgement } from './acknowledge.ts';
import { deprecatedKeys, looseObjects } from './config-shape.ts';
import type {
  CoreResources,
  HealthCheckConfig,
  IIntegrationModule,
  Leftover,
  ModuleOutputs,
  ValidationIssue,
  ValidationResult,
} from './integration-module.ts';
import { LONGEST_MODULE_ID, MODULE_ID, pascalCase, processorFunctionName, SEMANTIC_VERSION } from './names.ts';
import { Processor, type ProcessorDefinition } from './processor.ts';
import { isSchedule, minutesBetweenRuns } from './schedule.ts';

/** Where a module is deployed, for ARNs; the values are placeholders that CloudFormation fills in. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

/** A statement of a module; wildcards as action are refused, and `*` as resource without `anyResource`. */
export interface Permission {
  /** Letters and digits. */
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Why no resource can be named: the action knows none (`ec2:DescribeRegions`), or a condition stands in its place. */
  readonly anyResource?: string;
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  /** What the analyzer says of it and has to stay. Without a value the whole statement is meant, by its Sid. */
  readonly acknowledged?: readonly (Omit<Acknowledgement, 'value'> & Partial<Pick<Acknowledgement, 'value'>>)[];
}

/** The function that turns raw events into lake objects; the same code for every module. */
export interface TransformerDefinition {
  /** 128 to 10240; a whole vCPU comes with 1769 (the default). */
  readonly memoryMb?: number;
  /** 1 to 900; default 300. */
  readonly timeoutSeconds?: number;
  /** 2 to 1000 raw objects at a time; default 5. */
  readonly maximumConcurrency?: number;
}

export interface ModuleDefinition<Config extends z.ZodObject> {
  /** Name of the module's folder. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** The only definition of `integrations.<id>.config`; every object in it strict, old keys `.meta({ deprecated: true })`. */
  readonly config: Config;
  readonly processors: (config: z.output<Config>) => readonly ProcessorDefinition[];
  /** What the secret of its processors holds: a strict object of texts, each with a description. */
  readonly secret?: z.ZodObject;
  /** What its processors may do beyond the grants every processor has. */
  readonly permissions?: (config: z.output<Config>, place: Place) => readonly Permission[];
  readonly transformer?: (config: z.output<Config>) => TransformerDefinition;
  readonly outputs?: (config: z.output<Config>) => ModuleOutputs;
  /** What stays in the source cloud when the module is removed. */
  readonly leftovers?: (config: z.output<Config>) => readonly Leftover[];
}

/** A module made by `defineModule`; the framework can ask it more than the outer interface says. */
export interface DefinedModule<Config extends z.ZodObject = z.ZodObject> extends Required<IIntegrationModule> {
  readonly config: Config;
  /** What the secret of its processors holds; undefined where the definition does not say. */
  readonly secret: z.ZodObject | undefined;
  /** The processors a configuration gives, with their function names. Throws SLK-MODULE-011. */
  processors(config?: unknown): readonly (ProcessorDefinition & { readonly functionName: string })[];
  /** Throws SLK-MODULE-011. */
  transformer(config?: unknown): TransformerDefinition;
}

/** Whether a module was made by `defineModule` rather than written by hand. */
export function isDefinedModule(module: IIntegrationModule): module is DefinedModule {
  return 'config' in module && 'processors' in module && 'transformer' in module;
}

/**
 * Declares an integration module. The definition says what the source is; resources, permissions, validation, health
 * and outputs follow from it.
 *
 * Throws SLK-MODULE-010 for a definition that could not work whatever the configuration.
 */
export function defineModule<Config extends z.ZodObject>(definition: ModuleDefinition<Config>): DefinedModule<Config> {
  const problems = definitionProblems(definition);
  if (problems.length > 0) throw new Failure(moduleDefinitionWrong, { id: definition.id, problems });

  function parse(config: unknown): z.output<Config> {
    const result = definition.config.safeParse(config ?? {});
    if (result.success) return result.data;
    const texts = issuesOf(result.error).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Failure(moduleConfigInvalid, { id: definition.id, problems: texts });
  }

  function processors(config?: unknown) {
    return definition.processors(parse(config)).map((processor, index) => ({
      ...processor,
      functionName: processorFunctionName(definition.id, index === 0 ? undefined : processor.source),
    }));
  }

  function permissions(config?: unknown): readonly Permission[] {
    const place = { partition: Aws.PARTITION, region: Aws.REGION, accountId: Aws.ACCOUNT_ID };
    return definition.permissions?.(parse(config), place) ?? [];
  }

  function getRequiredPermissions(config?: unknown): iam.PolicyStatement[] {
    return permissions(config).map((permission) => statementOf(definition.id, permission));
  }

  return {
    moduleId: definition.id,
    moduleName: definition.name,
    moduleVersion: definition.version,
    moduleDescription: definition.description,
    config: definition.config,
    secret: definition.secret,
    processors,
    transformer: (config) => definition.transformer?.(parse(config)) ?? {},
    validateConfig: (config) => validate(definition, config),
    createResources(scope: Construct, core: CoreResources, config: unknown): void {
      for (const processor of processors(config)) {
        new Processor(scope, `${processorId(definition.id, processor.functionName)}Processor`, {
          moduleId: definition.id,
          moduleVersion: definition.version,
          functionName: processor.functionName,
          definition: processor,
          core,
          permissions: getRequiredPermissions(config),
          acknowledged: permissions(config).flatMap(({ sid, acknowledged = [] }) =>
            acknowledged.map((one) => ({ value: sid, ...one })),
          ),
        });
      }
    },
    getRequiredPermissions,
    getHealthCheckConfig: (config) => healthOf(processors(config)),
    getModuleOutputs: (config) => definition.outputs?.(parse(config)) ?? {},
    cleanup: (config) => leftoversOf(definition, processors(config), parse(config)),
  };
}

/** `azure-flow-log-processor` of `azure` is `FlowLog`; the first processor has the empty id. */
function processorId(moduleId: string, functionName: string): string {
  return pascalCase(functionName.slice(moduleId.length, -'-processor'.length));
}

function definitionProblems(definition: ModuleDefinition<z.ZodObject>): readonly string[] {
  const problems: string[] = [];
  if (!MODULE_ID.test(definition.id))
    problems.push('id: lower case letters, digits and single dashes, starting with a letter');
  if (definition.id.length > LONGEST_MODULE_ID) problems.push(`id: at most ${LONGEST_MODULE_ID} characters`);
  if (!SEMANTIC_VERSION.test(definition.version))
    problems.push(`version: "${definition.version}" is no semantic version`);
  for (const path of looseObjects(definition.config)) {
    problems.push(`config: the object at ${path} swallows unknown keys; use z.strictObject`);
  }
  if (definition.secret && looseObjects(definition.secret).length > 0)
    problems.push('secret: it swallows unknown keys; use z.strictObject');
  return problems;
}

function issuesOf(error: z.ZodError): readonly ValidationIssue[] {
  return error.issues.map((issue) => ({
    path: issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key)),
    message: issue.message,
  }));
}

function validate(definition: ModuleDefinition<z.ZodObject>, config: unknown): ValidationResult {
  const given = config ?? {};
  const warnings = deprecatedKeys(definition.config, given);
  const result = definition.config.safeParse(given);
  const errors = result.success ? processorIssues(definition.processors(result.data)) : issuesOf(result.error);
  return { valid: errors.length === 0, errors, warnings };
}

/** What zod cannot know: whether the processors that follow from the configuration can be deployed. */
function processorIssues(processors: readonly ProcessorDefinition[]): readonly ValidationIssue[] {
  const issues: string[] = [];
  const sources = processors.slice(1).map((processor) => processor.source);
  if (processors.length === 0) issues.push('gives no processor, so nothing would be collected');
  if (sources.includes(undefined))
    issues.push('gives several processors of which only the first may lack a source name');
  if (new Set(sources).size < sources.length) issues.push('gives two processors with the same source name');
  for (const { schedule, timeoutSeconds = 300, memoryMb = 512 } of processors) {
    if (!isSchedule(schedule))
      issues.push(`gives the schedule "${schedule}", which is neither rate(...) nor cron(...)`);
    if (timeoutSeconds < 1 || timeoutSeconds > 900)
      issues.push(`gives a timeout of ${timeoutSeconds} s, Lambda takes 1 to 900`);
    if (memoryMb < 128 || memoryMb > 10_240) issues.push(`gives ${memoryMb} MB of memory, Lambda takes 128 to 10240`);
  }
  return issues.map((message) => ({ path: [], message }));
}

function statementOf(moduleId: string, permission: Permission): iam.PolicyStatement {
  const problems: string[] = [];
  if (!/^[A-Za-z0-9]+$/.test(permission.sid))
    problems.push(`permission "${permission.sid}": a Sid is letters and digits`);
  for (const action of permission.actions) {
    if (action.includes('*')) problems.push(`permission "${permission.sid}": name the actions instead of "${action}"`);
  }
  if (permission.resources.includes('*') && !permission.anyResource?.trim()) {
    const advice = 'name the resources instead of "*", or say in anyResource why none can be named';
    problems.push(`permission "${permission.sid}": ${advice}`);
  }
  if (problems.length > 0) throw new Failure(moduleDefinitionWrong, { id: moduleId, problems });
  return new iam.PolicyStatement({
    sid: permission.sid,
    actions: [...permission.actions],
    resources: [...permission.resources],
    conditions: permission.conditions,
  });
}

function healthOf(processors: ReturnType<DefinedModule['processors']>): HealthCheckConfig {
  return {
    functions: processors.map(({ functionName, schedule }) => ({
      functionName,
      expectedEveryMinutes: minutesBetweenRuns(schedule),
    })),
    secrets: [...new Set(processors.flatMap(({ secretName }) => secretName ?? []))],
  };
}

function leftoversOf<Config extends z.ZodObject>(
  definition: ModuleDefinition<Config>,
  processors: ReturnType<DefinedModule['processors']>,
  config: z.output<Config>,
): readonly Leftover[] {
  const secrets = healthOf(processors).secrets.map(
    (name): Leftover => ({
      kind: 'secret',
      name,
      description: 'credentials of the source; delete the secret to forget them',
    }),
  );
  return [
    ...secrets,
    {
      kind: 'checkpoints',
      name: `${definition.id}#`,
      description:
        'how far each source was read; kept, so that the module goes on from there when it is deployed again',
    },
    {
      kind: 'raw-objects',
      name: `raw/${definition.id}/`,
      description: 'raw events; they expire after the configured days',
    },
    {
      kind: 'lake-objects',
      name: `ext/${definition.id}-*`,
      description: 'what is in Security Lake stays there and follows the lifecycle of the lake',
    },
    ...(definition.leftovers?.(config) ?? []),
  ];
}
