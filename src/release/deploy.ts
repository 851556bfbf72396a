// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeployResult, IIoHost } from '@aws-cdk/toolkit-lib';
import { Failure } from '../errors/failure.ts';
import { deploymentFailed } from '../errors/release.ts';

/** The folder of the deployable app, below the root of the project. */
export const CDK_FOLDER = join('integrations', 'security-lake', 'cdk');

export interface DeployOptions {
  readonly root: string;
  /** Configuration file, absolute. */
  readonly configFile: string;
  /** Where cloud assemblies are made. */
  readonly outputFolder: string;
  /** `host`: functions run on this machine, in the embedded AWS. */
  readonly target: 'host' | 'aws';
  /** AWS environment variables of the app and of the deployment (endpoint, credentials, region). */
  readonly environment: Readonly<Record<string, string>>;
  /** Account and region to bootstrap first, where the embedded AWS is empty. */
  readonly bootstrap?: { readonly accountId: string; readonly region: string };
  /** Called with what the deployment is doing. */
  readonly say: (text: string) => void;
  /** Changes the templates, by stack name, before they are deployed. */
  readonly change?: TemplateChange;
}

export type Templates = Readonly<Record<string, unknown>>;
export type TemplateChange = (templates: Templates) => Promise<Templates>;

/** Outputs by stack name. */
export type StackOutputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Synthesizes the app with a configuration and deploys all its stacks.
 * Throws SLK-RELEASE-001 with what the deployment said of it.
 */
export async function deployStacks(options: DeployOptions): Promise<StackOutputs> {
  const messages: string[] = [];
  // Only now: it takes longer to load than most commands to run.
  const { BaseCredentials, BootstrapEnvironments, MemoryContext, StackSelectionStrategy, Toolkit } = await import(
    '@aws-cdk/toolkit-lib'
  );
  // The toolkit's clients take endpoint and credentials from the environment of the process, and from nowhere else.
  Object.assign(process.env, options.environment);
  const toolkit = new Toolkit({
    ioHost: listen(options.say, messages),
    color: false,
    emojis: false,
    sdkConfig: { baseCredentials: BaseCredentials.awsCliCompatible({ defaultRegion: options.environment.AWS_REGION }) },
  });
  try {
    if (options.bootstrap) {
      options.say('bootstrap');
      const { accountId, region } = options.bootstrap;
      await toolkit.bootstrap(BootstrapEnvironments.fromList([`aws://${accountId}/${region}`]));
    }
    options.say('synthesis');
    const source = await toolkit.fromCdkApp('node bin/app.ts', {
      workingDirectory: join(options.root, CDK_FOLDER),
      outdir: options.outputFolder,
      contextStore: new MemoryContext({ configFile: options.configFile, 'slake:target': options.target }),
      env: { ...options.environment },
    });
    if (options.change) {
      const { change, outputFolder } = options;
      // Held only while it is made: a folder cannot be deployed from while it is written.
      await (await toolkit.synth(source)).dispose();
      await changeTemplates(outputFolder, change);
    }
    const changed = options.change ? await toolkit.fromAssemblyDirectory(options.outputFolder) : source;
    const deployed = await toolkit.deploy(changed, { stacks: { strategy: StackSelectionStrategy.ALL_STACKS } });
    return outputs(deployed);
  } catch (error) {
    // The toolkit puts pictographs into errors although it is told to use none.
    const said = error instanceof Error ? error.message : String(error);
    const why = said.replaceAll(/\p{Extended_Pictographic}\u{FE0F}?\s*/gu, '');
    throw new Failure(deploymentFailed, { why, lines: messages.slice(-20) }, { cause: error });
  }
}

const TEMPLATE = '.template.json';

async function changeTemplates(folder: string, change: TemplateChange): Promise<void> {
  const files = readdirSync(folder).filter((file) => file.endsWith(TEMPLATE));
  const read = files.map((file) => [
    file.slice(0, -TEMPLATE.length),
    JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown,
  ]);
  for (const [name, template] of Object.entries(await change(Object.fromEntries(read)))) {
    writeFileSync(join(folder, `${name}${TEMPLATE}`), JSON.stringify(template, null, 1));
  }
}

function outputs(deployed: DeployResult): StackOutputs {
  return Object.fromEntries(deployed.stacks.map((stack) => [stack.stackName, stack.outputs]));
}

/** Turns the toolkit's messages into one line of what is going on; keeps the rest for a failure. */
function listen(say: (text: string) => void, messages: string[]): IIoHost {
  return {
    async notify(message) {
      if (message.level !== 'trace' && message.level !== 'debug') messages.push(message.message);
      if (message.code === 'CDK_TOOLKIT_I5502') {
        const { event, progress } = message.data as StackActivity;
        say(`${event.StackName}: ${progress.completed} of ${progress.total ?? '?'} resources`);
      }
    },
    // Nothing is asked of anybody here: a caller that wants a confirmation shows the difference before it deploys.
    async requestResponse(request) {
      return request.defaultResponse;
    },
  };
}

/** The part of a stack activity that is shown. */
interface StackActivity {
  readonly event: { readonly StackName?: string };
  readonly progress: { readonly completed: number; readonly total?: number };
}
