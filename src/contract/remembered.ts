// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** Texts that are remembered at most; with the next one all are forgotten, since a source could make up any number. */
const TEXTS_KNOWN = 500;
/** Longer texts seldom come again: of those only the last is remembered. */
const LONGEST_KNOWN = 500;

interface Remembered<Made> {
  readonly text: string;
  readonly made: Made;
}

/**
 * The same function, which remembers what it made of a text: the attributes of one event ask for the same again, and
 * so do events about the same resource. `make` gives the same for the same text, and nobody changes what it gave.
 */
export function remembered<Made>(make: (text: string) => Made): (text: string) => Made {
  const known = new Map<string, Remembered<Made>>();
  let last: Remembered<Made> | undefined;
  return (text) => {
    if (last?.text !== text) last = known.get(text) ?? keep(known, { text, made: make(text) });
    return last.made;
  };
}

function keep<Made>(known: Map<string, Remembered<Made>>, entry: Remembered<Made>): Remembered<Made> {
  if (entry.text.length > LONGEST_KNOWN) return entry;
  if (known.size === TEXTS_KNOWN) known.clear();
  known.set(entry.text, entry);
  return entry;
}
