// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { type Captured, capture } from '../capture.ts';

/** What an audit tool said. Its exit code means too many things at once to be believed. */
export type ToolAnswer = Pick<Captured, 'stdout' | 'stderr' | 'failure'>;

const PATIENCE_SECONDS = 300;

/** Runs an audit tool to its end; never throws. */
export function runAuditTool(
  command: string,
  args: readonly string[],
  options: { readonly folder: string; readonly signal?: AbortSignal },
): Promise<ToolAnswer> {
  // Settings of the npm that called us, such as offline, would turn "could not ask" into "nothing found".
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_config_(?:offline|prefer_offline|dry_run|json|audit)/i.test(name),
    ),
  );
  return capture(command, args, { ...options, environment, seconds: PATIENCE_SECONDS });
}
