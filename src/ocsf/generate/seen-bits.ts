// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** Bits that fit into a small integer. */
export const BITS = 30;

/** Which attributes leave a bit in the `seen` of a generated function. */
export class SeenBits {
  readonly #own = new Map<string, number>();
  readonly #shared = new Map<string, number>();
  #next = 0;

  give(name: string): void {
    this.#own.set(name, this.#take());
  }

  /** One bit that each of `names` sets. */
  share(names: readonly string[]): number {
    const bit = this.#take();
    for (const name of names) this.#shared.set(name, bit);
    return bit;
  }

  of(name: string): number {
    return (this.#own.get(name) ?? 0) + (this.#shared.get(name) ?? 0);
  }

  get isUsed(): boolean {
    return this.#next > 0;
  }

  #take(): number {
    if (this.#next === BITS) throw new Error(`more than ${BITS} attributes to watch`);
    this.#next += 1;
    return 2 ** (this.#next - 1);
  }
}
