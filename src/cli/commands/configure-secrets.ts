// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import type { z } from 'zod';
import { badArguments } from '../../errors/cli.ts';
import { Failure } from '../../errors/failure.ts';
import { secretNotWanted } from '../../errors/operate.ts';
import { readDeployment } from '../../infra/deployment.ts';
import { isDefinedModule } from '../../module/define-module.ts';
import { fieldsOf, secretText, writeSecret } from '../../operate/secrets/index.ts';
import { CDK_FOLDER } from '../../release/deploy.ts';
import { type CommandContext, defineCommand, textOption } from '../command.ts';
import { hiddenAnswer } from '../hidden-answer.ts';

const NAME = 'configure-secrets';

export const command = defineCommand({
  summary: "Writes the secret of a module to Secrets Manager, encrypted with the project's key",
  description: `Asks for each key of the secret; nothing that is typed is shown, and no value stands in a command line, a log or a
template. A value may also come as JSON from --file or standard input. What the module cannot use is refused before it is written.
Run it again to rotate: the processor reads the secret anew when its source refuses the old one.`,
  options: {
    module: { type: 'string', value: '<id>', description: 'Module whose secret it is' },
    config: { type: 'string', value: '<file>', description: 'Configuration that names the secret, Region and key' },
    file: { type: 'string', value: '<file>', description: 'JSON file with the value; remove it afterwards' },
    secret: { type: 'string', value: '<name>', description: 'Which one, where a module has several' },
  },
  examples: [
    'npm run configure-secrets -- --module azure --config config.prod.yaml',
    'npm run configure-secrets -- --module azure --config config.prod.yaml --file azure-credentials.json',
  ],
  async run(context) {
    const { values, output, root, callerFolder } = context;
    const id = required(context, 'module');
    const given = required(context, 'config');
    const cdk = join(root, CDK_FOLDER);
    const deployment = await readDeployment({
      configFile: [callerFolder, cdk].map((folder) => resolve(folder, given)).find(existsSync) ?? given,
      folders: [callerFolder],
      modulesFolder: join(cdk, 'modules'),
    });
    const { configuration } = deployment;
    const loaded = deployment.modules.find((module) => module.id === id);
    if (!loaded) throw wrong(`${given} has no module ${id} under integrations`);
    const { module } = loaded;
    const names = module.getHealthCheckConfig?.(configuration.integrations[id]?.config).secrets ?? [];
    const name = chosen(id, names, textOption(values, 'secret'));
    const shape = isDefinedModule(module) ? module.secret : undefined;
    const text = secretText(name, await givenValue(context, name, shape), shape);

    const stack = `${configuration.projectName}-${configuration.environment}`;
    const keyId = configuration.encryption === 'CUSTOMER_MANAGED_CMK' ? `alias/${stack}` : undefined;
    const description = `Credentials of ${module.moduleName} for ${stack}`;
    const written = await writeSecret({ name, text, description, keyId }, configuration.awsRegion);

    output.object({ module: id, ...written, region: configuration.awsRegion });
    const key = written.hasKey && keyId ? `encrypted with ${keyId}` : "encrypted with the account's own key";
    output.line(`${output.style.green(written.outcome)}  ${name} in ${configuration.awsRegion}, ${key}`);
    if (!written.hasKey) {
      output.line(
        `${keyId} is not there before the first deployment: run this again afterwards to move the secret to it.`,
      );
    }
    return 0;
  },
});

function required({ values }: CommandContext, name: string): string {
  const value = textOption(values, name);
  if (value) return value;
  throw wrong(`--${name} is needed`);
}

function chosen(id: string, names: readonly string[], wanted: string | undefined): string {
  const [first] = names;
  if (first === undefined) throw new Failure(secretNotWanted, { module: id });
  if (wanted === undefined && names.length === 1) return first;
  const name = names.find((each) => each === wanted);
  if (name) return name;
  throw wrong(`${id} has the secrets ${names.join(', ')}: name one with --secret`);
}

/** JSON of a file or of standard input, or what a person answers. */
async function givenValue(context: CommandContext, name: string, shape: z.ZodObject | undefined): Promise<unknown> {
  const { values, callerFolder, output, signal } = context;
  const file = textOption(values, 'file');
  if (file !== undefined) {
    const path = resolve(callerFolder, file);
    if (!existsSync(path) || !statSync(path).isFile()) throw wrong(`there is no file ${file}`);
    return readFileSync(path, 'utf8');
  }
  if (!process.stdin.isTTY) return textOf(process.stdin);
  if (!shape) throw wrong(`the module does not say what ${name} holds: give it as JSON with --file`);
  output.progress(`${name} (what you type is not shown; Enter alone leaves an optional key out)`);
  const answers: Record<string, string> = {};
  for (const { name: key, description, isRequired } of fieldsOf(shape)) {
    const answer = await hiddenAnswer(`  ${key}${isRequired ? '' : ' (optional)'}: ${description}: `, signal);
    if (answer !== '') answers[key] = answer;
  }
  return answers;
}

function wrong(why: string): Error {
  return new Failure(badArguments, { command: NAME, why });
}
