// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { pascalCase } from '../names.ts';
import type { Attribute } from '../tables.ts';
import { quote } from './text.ts';

/** The functions that give the captions of enum ids; enums of the same name and content share one. */
export class EnumCaptions {
  /** Name and content of an enum -> its function. */
  readonly #functions = new Map<string, { readonly name: string; readonly attribute: Attribute }>();
  /** How many enums of different content an attribute name has so far. */
  readonly #forms = new Map<string, number>();

  /** The name of the function for an attribute's enum. */
  functionFor(name: string, attribute: Attribute): string {
    const content = `${name} ${JSON.stringify(attribute.enum)}`;
    const known = this.#functions.get(content);
    if (known) return known.name;
    const plain = `captionOf${pascalCase(name)}`;
    const nth = (this.#forms.get(plain) ?? 0) + 1;
    this.#forms.set(plain, nth);
    const unique = nth === 1 ? plain : `${plain}${nth}`;
    this.#functions.set(content, { name: unique, attribute });
    return unique;
  }

  render(): string[] {
    const functions = [...this.#functions.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return functions.flatMap(({ name, attribute }) => [
      `function ${name}(id: unknown): string | undefined {`,
      '  switch (id) {',
      ...Object.entries(attribute.enum ?? {}).map(
        ([id, caption]) => `    case ${attribute.base === 'string' ? quote(id) : id}: return ${quote(caption)};`,
      ),
      '  }',
      '  return undefined;',
      '}',
      '',
    ]);
  }
}
