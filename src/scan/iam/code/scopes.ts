// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Definition, FileTree } from './tree.ts';

/** Where names are looked up: in the body of a file, or in a definition of it. */
export interface Scope {
  readonly file: string;
  readonly definition?: Definition;
}

/** A function or a class with the file it stands in. */
export type Defined = Scope & { readonly definition: Definition };

/** The functions, classes and names of a program. */
export class Scopes {
  /** By file and id. */
  readonly definitions = new Map<string, Defined>();
  private readonly files: ReadonlyMap<string, FileTree>;
  private readonly byClass = new Map<string, string[]>();
  private readonly byName = new Map<string, string[]>();

  constructor(files: ReadonlyMap<string, FileTree>) {
    this.files = files;
    for (const { file, definitions } of files.values()) {
      for (const definition of definitions) this.definitions.set(`${file}#${definition.id}`, { file, definition });
    }
    for (const [id, { file, definition }] of this.definitions) {
      if (definition.how === 'plain' || definition.within === undefined) continue;
      listed(this.byClass, `${file}#${definition.within}`).push(id);
      listed(this.byName, definition.name).push(id);
    }
  }

  methodsOf(classId: string): readonly string[] {
    return this.byClass.get(classId) ?? [];
  }

  methodsCalled(name: string): readonly string[] {
    return this.byName.get(name) ?? [];
  }

  id({ file, definition }: Scope): string {
    return definition ? `${file}#${definition.id}` : file;
  }

  outer(scope: Scope): Scope {
    const around = scope.definition?.within;
    return (around === undefined ? undefined : this.definitions.get(`${scope.file}#${around}`)) ?? { file: scope.file };
  }

  /** The variable a name stands for, or undefined where nothing defines it. */
  variable(name: string, scope: Scope): string | undefined {
    for (let at = scope; ; at = this.outer(at)) {
      const { definition } = at;
      // Names of a class are not seen in its methods.
      const seen = definition?.kind !== 'class' || at === scope;
      if (seen && (definition ?? this.files.get(at.file))?.names.includes(name)) return `${this.id(at)}.${name}`;
      if (!definition) return undefined;
    }
  }

  /** The nearest definition around that `fits`, the scope itself among them. */
  around(scope: Scope, fits: (definition: Definition) => boolean): Defined | undefined {
    for (let at: Scope = scope; at.definition; at = this.outer(at)) {
      if (fits(at.definition)) return { file: at.file, definition: at.definition };
    }
    return undefined;
  }
}

function listed(lists: Map<string, string[]>, key: string): string[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}
