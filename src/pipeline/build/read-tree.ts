// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

interface Branch {
  /** The value itself is read, not only parts of it. */
  whole: boolean;
  readonly parts: Map<string, Branch>;
}

/** The raw paths a mapping reads; what is not in it is what the event leaves in `unmapped`. */
export class ReadTree {
  readonly #root: Branch = branch();

  /** Notes that the value at `keys` is read. */
  add(keys: readonly string[]): void {
    this.#reach(keys).whole = true;
  }

  /** Notes that parts below `keys` are read, though perhaps none of them in any event. */
  touch(keys: readonly string[]): void {
    this.#reach([...keys, '[]']);
  }

  /** All paths that are read, dotted. */
  paths(): readonly string[] {
    const found: string[] = [];
    walk(this.#root, []);
    return found;

    function walk(at: Branch, trail: readonly string[]): void {
      if (at.whole) found.push(trail.join('.').replaceAll('.[]', '[]') || '.');
      for (const [key, part] of at.parts) walk(part, [...trail, key]);
    }
  }

  /** Source text of the nested Map that the runtime's `residue` reads. */
  source(): string {
    return source(this.#root);
  }

  #reach(keys: readonly string[]): Branch {
    let at = this.#root;
    for (const key of keys) {
      const next = at.parts.get(key) ?? branch();
      at.parts.set(key, next);
      at = next;
    }
    return at;
  }
}

function branch(): Branch {
  return { whole: false, parts: new Map() };
}

function source(at: Branch): string {
  const items = at.parts.get('[]');
  const entries = [...at.parts].map(([key, own]) => {
    const part = items && /^\d+$/.test(key) ? union(own, items) : own;
    return `[${JSON.stringify(key)}, ${part.whole ? 'true' : source(part)}]`;
  });
  return `new Map([${entries.join(', ')}])`;
}

/** What is read of one item: by its position, and as one of all. */
function union(one: Branch, all: Branch): Branch {
  const parts = new Map(all.parts);
  for (const [key, part] of one.parts) {
    const other = parts.get(key);
    parts.set(key, other ? union(part, other) : part);
  }
  return { whole: one.whole || all.whole, parts };
}
