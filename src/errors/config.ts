// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { counted } from './counted.ts';
import { defineError } from './failure.ts';

/** A finding in a configuration file, at the place where a person can mend it. */
export interface Problem {
  /** The permanent code of the kind of problem, `SLK-CONFIG-<NNN>`. */
  readonly code: string;
  readonly level: 'error' | 'warning';
  readonly file: string;
  /** From 1; 0 where the problem is the file itself (not found, unreadable). */
  readonly line: number;
  /** From 1, counted in UTF-16 units as editors do; 0 where `line` is 0. */
  readonly column: number;
  /** The key from the top of the file (`monitoring.alarms.emails[0]`), empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
  readonly hint: string;
}

export const configInvalid = defineError<{
  readonly file: string;
  readonly lines: readonly string[];
  readonly problems: readonly Problem[];
}>({
  code: 'SLK-CONFIG-001',
  title: 'The configuration has errors',
  blame: 'user',
  message: ({ lines }) => lines.join('\n'),
  hint: 'every key is explained in integrations/security-lake/docs/CONFIG_SCHEMA.md',
});

export const configNotFound = defineError<{ readonly beside: readonly string[] }>({
  code: 'SLK-CONFIG-002',
  title: 'The configuration file does not exist',
  blame: 'user',
  message: () => 'there is no such file',
  hint: ({ beside }) =>
    beside.length === 0
      ? 'copy config.example.yaml to this name and edit the copy'
      : `in the same folder: ${beside.join(', ')}`,
});

export const configUnreadable = defineError<{ readonly reason: string }>({
  code: 'SLK-CONFIG-003',
  title: 'The configuration file cannot be read',
  blame: 'user',
  message: ({ reason }) => `cannot be read: ${reason}`,
  hint: 'a configuration is a YAML file in UTF-8',
});

export const configEmpty = defineError({
  code: 'SLK-CONFIG-004',
  title: 'The configuration file is empty',
  blame: 'user',
  message: () => 'holds no keys',
  hint: 'copy config.example.yaml to this name and edit the copy',
});

export const yamlSyntax = defineError<{ readonly what: string; readonly remedy: string }>({
  code: 'SLK-CONFIG-005',
  title: 'The configuration is not valid YAML',
  blame: 'user',
  message: ({ what }) => what,
  hint: ({ remedy }) => remedy,
});

export const duplicateKey = defineError<{ readonly firstLine: number }>({
  code: 'SLK-CONFIG-006',
  title: 'A key is written twice',
  blame: 'user',
  message: ({ firstLine }) => `is written twice (first in line ${firstLine})`,
  hint: 'keep one of the two',
});

export const unusableKey = defineError<{ readonly what: string; readonly remedy: string }>({
  code: 'SLK-CONFIG-007',
  title: 'A key is not plain text',
  blame: 'user',
  message: ({ what }) => what,
  hint: ({ remedy }) => remedy,
});

export const tooManyAliases = defineError<{ readonly limit: number }>({
  code: 'SLK-CONFIG-008',
  title: 'YAML aliases multiply beyond the limit',
  blame: 'user',
  message: ({ limit }) => `aliases (*name) stand for more than ${limit} copies`,
  hint: 'write the values out',
});

export const unknownKey = defineError<{
  readonly nearest: string | undefined;
  readonly elsewhere: string | undefined;
  readonly known: readonly string[];
}>({
  code: 'SLK-CONFIG-009',
  title: 'A key is not known',
  blame: 'user',
  message: ({ nearest }) => (nearest === undefined ? 'unknown key' : `unknown key, did you mean ${nearest}?`),
  hint: ({ elsewhere, known }) => {
    if (elsewhere !== undefined) return `it belongs to ${elsewhere}`;
    return known.length === 0 ? 'no keys are expected here' : `known here: ${known.join(', ')}`;
  },
});

export const unknownModule = defineError<{
  readonly nearest: string | undefined;
  readonly known: readonly string[];
  readonly packaged: boolean;
}>({
  code: 'SLK-CONFIG-010',
  title: 'An integration names no module',
  blame: 'user',
  message: ({ nearest, packaged }) => {
    if (nearest !== undefined) return `there is no such module, did you mean ${nearest}?`;
    return packaged ? 'its package gives no module of this name' : 'there is no such module';
  },
  hint: ({ known }) => (known.length === 0 ? 'no modules are present' : `modules: ${known.join(', ')}`),
});

export const keyMissing = defineError<{ readonly expected: string; readonly description: string }>({
  code: 'SLK-CONFIG-011',
  title: 'A required key is missing',
  blame: 'user',
  message: ({ expected }) => `is missing: ${expected}`,
  hint: ({ description }) => description,
});

export const noValue = defineError<{ readonly expected: string }>({
  code: 'SLK-CONFIG-012',
  title: 'A key has no value',
  blame: 'user',
  message: ({ expected }) => `has no value: ${expected}`,
  hint: 'give a value, indented below the key where it is a group of keys, or remove the line',
});

export const wrongType = defineError<{
  readonly expected: string;
  readonly actual: string;
  readonly remedy: string;
}>({
  code: 'SLK-CONFIG-013',
  title: 'A value is of the wrong kind',
  blame: 'user',
  message: ({ expected, actual }) => `must be ${expected} (${actual})`,
  hint: ({ remedy }) => remedy,
});

export const outOfRange = defineError<{
  readonly allowed: string;
  readonly actual: string;
  readonly description: string;
}>({
  code: 'SLK-CONFIG-014',
  title: 'A value is too large, too small, too long or too short',
  blame: 'user',
  message: ({ allowed, actual }) => `${allowed} (${actual})`,
  hint: ({ description }) => description,
});

export const notAChoice = defineError<{
  readonly allowed: string;
  readonly actual: string;
  readonly remedy: string;
}>({
  code: 'SLK-CONFIG-015',
  title: 'A value is none of the allowed ones',
  blame: 'user',
  message: ({ allowed, actual }) => `must be ${allowed} (${actual})`,
  hint: ({ remedy }) => remedy,
});

export const wrongForm = defineError<{
  readonly form: string;
  readonly actual: string;
  readonly description: string;
}>({
  code: 'SLK-CONFIG-016',
  title: 'A value does not have the required form',
  blame: 'user',
  message: ({ form, actual }) => `${form} (${actual})`,
  hint: ({ description }) => description,
});

export const secretWritten = defineError<{ readonly kind: string }>({
  code: 'SLK-CONFIG-017',
  title: 'A secret stands in the configuration',
  blame: 'user',
  message: ({ kind }) => `holds ${kind}: secrets are named, not written here`,
  hint: 'revoke it if this file was shared, store the new one in Secrets Manager and give the name of that secret',
});

export const refusedByModule = defineError<{
  readonly reason: string;
  readonly actual: string | undefined;
  readonly description: string;
}>({
  code: 'SLK-CONFIG-018',
  title: 'A value breaks a rule of its module',
  blame: 'user',
  message: ({ reason, actual }) => (actual === undefined ? reason : `${reason} (${actual})`),
  hint: ({ description }) => description,
});

export const productionDemand = defineError<{
  readonly demanded: string;
  readonly actual: string;
  readonly why: string;
}>({
  code: 'SLK-CONFIG-019',
  title: 'A value is not allowed in production',
  blame: 'user',
  message: ({ demanded, actual }) => `environment prod demands ${demanded} (${actual})`,
  hint: ({ why }) => why,
});

export const deprecatedKey = defineError<{ readonly removedIn: string | undefined; readonly instead: string }>({
  code: 'SLK-CONFIG-020',
  title: 'A key is deprecated',
  blame: 'user',
  message: ({ removedIn }) =>
    removedIn === undefined ? 'is deprecated' : `is deprecated and goes away in version ${removedIn}`,
  hint: ({ instead }) => instead,
});

export const alarmsReachNobody = defineError({
  code: 'SLK-CONFIG-021',
  title: 'The alarms of production reach nobody',
  blame: 'user',
  message: () => 'no address is given, so alarms of production change colour and tell nobody',
  hint: 'give the address of a team, or subscribe to the alarm topic in another way',
});

export const exampleMissing = defineError<{ readonly path: string }>({
  code: 'SLK-CONFIG-022',
  title: 'A required key has no example',
  blame: 'user',
  message: ({ path }) => `no example value can be written for ${path}`,
  hint: 'the schema of a required key gives one: .meta({ examples: [...] })',
});

export const environmentOverridden = defineError({
  code: 'SLK-CONFIG-023',
  title: 'An environment cannot make itself another one',
  blame: 'user',
  message: () => 'the environment is what decides which of these values count',
  hint: 'remove it here; environment: at the top of the file says what the file is for',
});

export const parameterUnread = defineError<{ readonly name: string; readonly known: boolean }>({
  code: 'SLK-CONFIG-024',
  title: 'A parameter was not read',
  blame: 'user',
  message: ({ name, known }) =>
    known
      ? `there is no parameter ${name} of type String in Parameter Store; a SecureString is not read, since a secret is no configuration`
      : `the parameter ${name} was not read from Parameter Store`,
  hint: ({ name, known }) =>
    known
      ? `aws ssm put-parameter --type String --name ${name} --value ..., in the account and Region of the deployment`
      : 'with credentials of the account it is read; without, this value is not checked',
});

export const parameterMisplaced = defineError({
  code: 'SLK-CONFIG-025',
  title: 'A parameter stands inside of other text',
  blame: 'user',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the form of a value, told as it is written
  message: () => '${ssm:/name} must be the whole value, with a name that begins with a slash',
  hint: 'put the whole text into the parameter',
});

export const deadLettersForgotten = defineError<{ readonly queueDays: number }>({
  code: 'SLK-CONFIG-026',
  title: 'Dead letters would be forgotten at once',
  blame: 'user',
  message: ({ queueDays }) => `must be more than pipeline.queueRetentionDays (${queueDays})`,
  hint: 'a dead letter keeps the age it had in the queue, so that one that has waited there would be gone unseen',
});

export const withoutEffect = defineError<{ readonly because: string }>({
  code: 'SLK-CONFIG-027',
  title: 'A key has no effect here',
  blame: 'user',
  message: ({ because }) => `has no effect, since ${because}`,
  hint: 'remove it, or change what keeps it from having one',
});

export const scheduleOverlaps = defineError<{
  readonly functionName: string;
  readonly schedule: string;
  readonly timeoutSeconds: number;
}>({
  code: 'SLK-CONFIG-028',
  title: 'A schedule is faster than the timeout',
  blame: 'user',
  message: ({ functionName, schedule, timeoutSeconds }) =>
    `${functionName} runs at ${schedule} and may take ${timeoutSeconds} s`,
  hint: 'of two runs at once the later one takes over and reads again what the earlier one has read: run less often, or lower the timeout',
});

export const ocsfVersionNotClaimed = defineError<{
  readonly id: string;
  readonly version: string;
  readonly mappings: readonly string[];
  readonly common: readonly string[];
}>({
  code: 'SLK-CONFIG-029',
  title: 'Mappings are not made for the OCSF version',
  blame: 'user',
  message: ({ id, version, mappings }) =>
    `the module ${id} cannot write OCSF ${version}: ${mappings.slice(0, 3).join(', ')}${mappings.length > 3 ? ` and ${counted(mappings.length - 3, 'more mapping')}` : ''} are not made for it`,
  hint: ({ id, common }) =>
    common.length === 0
      ? 'its mappings have no version in common; that is for its author to mend'
      : `all its mappings are made for ${common.join(', ')}; integrations.${id}.ocsfVersion chooses for this module alone`,
});

export const moduleWarns = defineError<{ readonly message: string }>({
  code: 'SLK-CONFIG-030',
  title: 'A module warns of a value',
  blame: 'user',
  message: ({ message }) => message,
  hint: 'the README of the module says more',
});
