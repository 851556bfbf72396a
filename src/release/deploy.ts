// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
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
}

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
    const deployed = await toolkit.deploy(source, { stacks: { strategy: StackSelectionStrategy.ALL_STACKS } });
    return outputs(deployed);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Failure(deploymentFailed, { why, lines: messages.slice(-20) }, { cause: error });
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
