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
    if (last?.text !== text) last = known.get(text) ?? entryOf(known, text, make);
    return last.made;
  };
}

function entryOf<Made>(known: Map<string, Remembered<Made>>, text: string, make: (text: string) => Made) {
  if (text.length > LONGEST_KNOWN) return { text, made: make(text) };
  const copy = copied(text);
  const entry = { text: copy, made: make(copy) };
  if (known.size === TEXTS_KNOWN) known.clear();
  known.set(copy, entry);
  return entry;
}

/** Engines keep a part of a text as a place in the whole, which a copy does not hold in memory. */
function copied(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
