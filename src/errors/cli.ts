// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { defineError } from './failure.ts';

export const unknownCommand = defineError<{ name: string; nearest: string | undefined }>({
  code: 'SLK-CLI-001',
  title: 'There is no such command',
  blame: 'user',
  message: ({ name, nearest }) => `there is no command "${name}"${nearest ? `; did you mean "${nearest}"?` : ''}`,
  hint: '"npm run slake -- --help" lists the commands.',
});

export const badArguments = defineError<{ command: string; why: string }>({
  code: 'SLK-CLI-002',
  title: 'The arguments of a command are wrong',
  blame: 'user',
  message: ({ command, why }) => `${command}: ${why}`,
  hint: ({ command }) => `"npm run slake -- ${command} --help" shows what it takes.`,
});

export const toolFailed = defineError<{ tool: string; why: string }>({
  code: 'SLK-CLI-003',
  title: 'A tool failed',
  blame: 'user',
  message: ({ tool, why }) => `${tool}: ${why}`,
  hint: 'Its own output above says what is wrong.',
});

export const interrupted = defineError({
  code: 'SLK-CLI-004',
  title: 'The command was interrupted',
  blame: 'user',
  message: () => 'interrupted',
  hint: 'Everything that was started has been stopped; run the command again when you like.',
});
