// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import type { SecretKind } from './kind.ts';

let loaded: Promise<readonly SecretKind[]> | undefined;

/** All kinds of secrets: the files of `kinds/`, in the order of their names. */
export function secretKinds(): Promise<readonly SecretKind[]> {
  loaded ??= Promise.all(
    readdirSync(new URL('kinds/', import.meta.url))
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .toSorted()
      .map(
        async (file) => ((await import(new URL(`kinds/${file}`, import.meta.url).href)) as { kind: SecretKind }).kind,
      ),
  );
  return loaded;
}
