// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Mark } from './raw-scope.ts';

interface Branch {
  /** The value itself is read, not only parts of it. */
  whole: boolean;
  /** Where the scope that starts above notes that the value was taken. */
  mark?: Mark;
  /** Index of the array's items in that scope. */
  items?: number;
  readonly parts: Map<string, Branch>;
}

/** The raw paths a mapping reads; what is not in it is what the event leaves in `unmapped`. */
export class ReadTree {
  readonly #root: Branch = branch();

  /** Notes that the value at `keys` is read; without a mark it counts as taken in any event. */
  add(keys: readonly string[], mark?: Mark): void {
    const at = this.#reach(keys);
    at.whole = true;
    if (mark) at.mark = mark;
  }

  /** Notes that the items of the array at `keys` are read, though perhaps none of them in any event. */
  items(keys: readonly string[], index: number): void {
    this.#reach(keys).items = index;
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

  /** Source text of what the runtime's `leftovers` reads. */
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

/** A key that is a position in an array, too. */
export function isPosition(key: string): boolean {
  return /^\d+$/.test(key);
}

function branch(): Branch {
  return { whole: false, parts: new Map() };
}

function source({ whole, mark = { word: 0, bit: 0 }, items = -1, parts }: Branch): string {
  const each = parts.get('[]');
  const keyed = [...parts]
    .filter(([key]) => key !== '[]')
    .map(([key, part]) => `[${JSON.stringify(key)}, ${source(part)}]`);
  const own = `[${keyed.join(', ')}], ${whole}, ${mark.word}, ${mark.bit}`;
  return each ? `rt.reads(${own}, ${items}, ${source(each)})` : `rt.reads(${own})`;
}
