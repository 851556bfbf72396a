// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { type Integration, loadConfiguration, namedPackages, type Problem } from '../../config/index.ts';
import { badArguments } from '../../errors/cli.ts';
import { parameterUnread } from '../../errors/config.ts';
import { Failure } from '../../errors/failure.ts';
import type { Finding, FindingPlace } from '../../findings/index.ts';
import { lakeSourcesOf } from '../../infra/app.ts';
import { coreStackName, moduleStackName } from '../../infra/core-parameters.ts';
import { parametersOf } from '../../infra/deployment.ts';
import { allProblems, DEFAULT_TIMEOUT_SECONDS, processorsOf } from '../../infra/deployment-rules.ts';
import { configurableModules, type LoadedModule, loadModules } from '../../module/load.ts';
import { CDK_FOLDER } from '../../release/deploy.ts';
import { defineCommand, textOption } from '../command.ts';
import { findingOptions, printFindings } from '../findings.ts';
import { table } from '../output.ts';

/** What a deployment of the configuration would make. */
interface Summary {
  readonly stacks: readonly string[];
  readonly modules: readonly { readonly id: string; readonly version: string; readonly enabled: boolean }[];
  readonly sources: readonly { readonly name: string; readonly className: string; readonly module: string }[];
  readonly functions: readonly { readonly name: string; readonly schedule: string; readonly timeoutSeconds: number }[];
}

export const command = defineCommand({
  summary: 'Checks a configuration file, exactly as a synthesis reads it',
  description: `All problems at once, each with file:line:column, the value, and what is allowed; the schemas of the modules count.
A misspelt key counts as the one that was probably meant. Rules between keys wait until the values of their module are right.
Then what would be deployed. A file with nothing but "integrations:" is checked as a piece of a configuration.`,
  options: {
    config: { type: 'string', value: '<file>', description: 'The configuration file' },
    ...findingOptions,
  },
  examples: [
    'npm run validate-config -- --config config.prod.yaml',
    'npm run validate-config -- --config test-config.yaml --json',
  ],
  async run(context) {
    const { values, positionals, root, callerFolder } = context;
    const file = textOption(values, 'config') ?? positionals[0];
    if (!file) throw new Failure(badArguments, { command: 'validate-config', why: 'name the file: --config <file>' });
    const modulesFolder = join(root, CDK_FOLDER, 'modules');
    const packages = namedPackages({ file, folder: callerFolder });
    const all = await loadModules(modulesFolder, packages);
    const { parameters, unread } = await tryParametersOf(file, callerFolder);
    const loaded = loadConfiguration({
      file,
      folder: callerFolder,
      modules: configurableModules(all),
      fragments: true,
      parameters,
    });
    const { configuration, fragment, problems } = loaded;
    const integrations = configuration?.integrations ?? fragment?.integrations ?? {};
    const modules = all.modules.filter(({ id }) => Object.hasOwn(integrations, id));
    const findings = allProblems(loaded, all).map((problem) => findingOf(problem, unread));
    const summary = summaryOf(modules, integrations, {
      core: configuration ? coreStackName(configuration) : '<projectName>-<environment>',
      stackOf: (id) => (configuration ? moduleStackName(configuration, id) : `<projectName>-<environment>-${id}`),
    });
    const isRead = configuration !== undefined || fragment !== undefined;
    const summaryLines = isRead
      ? lines(summary, fragment !== undefined)
      : ['What it would deploy can be told once the values that are not checked are read.', ''];
    const isValid = !findings.some(({ level }) => level === 'error');
    if (problems.some(({ line }) => line === 0)) {
      printFindings(context, { tool: 'validate-config', rules: [], findings });
      return 2;
    }
    return printFindings(
      context,
      { tool: 'validate-config', rules: [], findings },
      {
        json: { valid: isValid, fragment: fragment !== undefined, ...(isValid && isRead ? { summary } : {}) },
        lines: isValid ? summaryLines : [],
      },
    );
  },
});

/** Values of Parameter Store; where it cannot be asked, why. */
async function tryParametersOf(file: string, folder: string) {
  try {
    return { parameters: await parametersOf(file, folder), unread: undefined };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { parameters: undefined, unread: error };
  }
}

function placeOf({ file, line, column }: Pick<Problem, 'file' | 'line' | 'column'>): FindingPlace {
  return line === 0 ? { file } : { file, line, column };
}

/** A value that could not be read is not checked, rather than wrong. */
function findingOf(
  { code, level, file, line, column, path, message, hint }: Problem,
  unread: Failure | undefined,
): Finding {
  const isUnread = unread !== undefined && code === parameterUnread.code;
  return {
    code,
    level: isUnread ? 'not-checked' : level,
    message: path === '' ? message : `${path}: ${message}`,
    place: placeOf({ file, line, column }),
    ...(hint === '' ? {} : { fix: isUnread ? `${unread.message}. ${unread.hint}` : hint }),
  };
}

function summaryOf(
  modules: readonly LoadedModule[],
  integrations: Readonly<Record<string, Integration>>,
  names: { readonly core: string; readonly stackOf: (id: string) => string },
): Summary {
  return {
    stacks: [names.core, ...modules.map(({ id }) => names.stackOf(id))],
    modules: modules.map(({ id, module }) => ({
      id,
      version: module.moduleVersion,
      enabled: integrations[id]?.enabled ?? false,
    })),
    sources: lakeSourcesOf(modules).map(({ name, className, moduleId }) => ({ name, className, module: moduleId })),
    functions: modules.flatMap((module) => {
      const integration = integrations[module.id];
      const processors = integration ? processorsOf(module, integration) : [];
      return processors.map(({ functionName, schedule, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS }) => ({
        name: functionName,
        schedule,
        timeoutSeconds,
      }));
    }),
  };
}

function lines({ stacks, modules, sources, functions }: Summary, isFragment: boolean): string[] {
  return [
    isFragment ? 'A piece of a configuration: modules alone. They would be deployed as' : 'It would deploy',
    ...stacks.map((stack) => indent(`stack ${stack}`)),
    ...modules.map(({ id, version, enabled }) => indent(`module ${id} ${version}${enabled ? '' : ', stopped'}`)),
    ...(modules.length === 0 ? [indent('no module, so that no source is read')] : []),
    '',
    ...section(
      ['lake source', 'OCSF class', 'module'],
      sources.map(({ name, className, module }) => [name, className, module]),
    ),
    ...section(
      ['function', 'schedule', 'timeout'],
      functions.map(({ name, schedule, timeoutSeconds }) => [name, schedule, `${timeoutSeconds} s`]),
    ),
  ];
}

function section(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : [...table(head, rows).map(indent), ''];
}

function indent(text: string): string {
  return `  ${text}`;
}
