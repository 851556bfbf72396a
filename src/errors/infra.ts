// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { defineError } from './failure.ts';

export const classNotInSecurityLake = defineError<{ className: string }>({
  code: 'SLK-INFRA-001',
  title: 'OCSF class unknown to Security Lake',
  blame: 'user',
  message: ({ className }) => `Security Lake has no event class for the OCSF class "${className}".`,
  hint: 'Map the events to a class that Security Lake lists for custom sources; the finding, activity and discovery classes of OCSF 1.3 are.',
});

export const tooManyLakeSources = defineError<{ count: number; modules: readonly string[] }>({
  code: 'SLK-INFRA-002',
  title: 'Too many lake sources',
  blame: 'user',
  message: ({ count, modules }) =>
    `The modules ${modules.join(', ')} need ${count} custom sources of Security Lake; an account holds at most 50.`,
  hint: 'Each OCSF class of a module is one source. Deploy fewer modules in this account, or map to fewer classes.',
});

export const lakeSourceNamesCollide = defineError<{ name: string; owners: readonly string[] }>({
  code: 'SLK-INFRA-003',
  title: 'Lake source names collide',
  blame: 'user',
  message: ({ name, owners }) => `Two lake sources would have the name "${name}": ${owners.join(' and ')}.`,
  hint: 'Rename one of the modules; names are cut to the 20 characters Security Lake allows.',
});

export const targetUnknown = defineError<{ target: string }>({
  code: 'SLK-INFRA-004',
  title: 'Unknown target',
  blame: 'user',
  message: ({ target }) => `The CDK context "slake:target" is "${target}".`,
  hint: 'Use "host" for the embedded AWS and "aws" for AWS, or leave it out: AWS_ENDPOINT_URL then tells which one is meant.',
});

export const configFileNotGiven = defineError({
  code: 'SLK-INFRA-005',
  title: 'No configuration file named',
  blame: 'user',
  message: () => 'No configuration file was named.',
  hint: 'Add -c configFile=<file>, for example: npm run synth -- -c configFile=config.dev.yaml',
});

export const outputNameWrong = defineError<{ id: string; name: string }>({
  code: 'SLK-INFRA-006',
  title: 'Output name cannot be used',
  blame: 'user',
  message: ({ id, name }) => `The module "${id}" names an output "${name}".`,
  hint: 'A name of an output is letters and digits, starts with a letter, and none that the framework gives itself.',
});

export const parametersUnreadable = defineError<{ names: readonly string[]; why: string }>({
  code: 'SLK-INFRA-007',
  title: 'Parameter Store cannot be asked',
  blame: 'aws',
  message: ({ names, why }) =>
    `the configuration takes values from ${names.join(', ')}, and Parameter Store answers ${why}`,
  hint: 'Use credentials that may call ssm:GetParameters in the Region of the deployment.',
});
