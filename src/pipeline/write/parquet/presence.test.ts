// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NOTHING, Presence } from './presence.ts';

/** Of each owner, whether it has a child; all of them, the first ones or none often enough. */
const families = fc.oneof(
  fc.array(fc.boolean(), { maxLength: 200 }),
  fc.tuple(fc.nat(150), fc.nat(150)).map(([have, lack]) => [...Array(have).fill(true), ...Array(lack).fill(false)]),
);

function withSome(family: boolean[]) {
  return fc.record({ family: fc.constant(family), some: fc.shuffledSubarray([...family.keys()]) });
}

function presenceOf(family: readonly boolean[]): Presence {
  const presence = new Presence({ bytes: 0 });
  for (const [owner, has] of family.entries()) if (has) presence.add(owner);
  return presence;
}

/** Which of `some` have a child, and the children, told from the families alone. */
function expected(family: readonly boolean[], some: readonly number[]) {
  const numberOf = (owner: number) => family.slice(0, owner).filter(Boolean).length;
  return {
    at: [...some.keys()].filter((place) => family[some[place] as number]),
    numbers: some.filter((owner) => family[owner]).map(numberOf),
  };
}

function found(presence: Presence, owners: number, some: readonly number[]) {
  const [{ at, numbers } = NOTHING] = presence.find([Uint32Array.from(some)], owners);
  return { at: at ? [...at] : [...some.keys()], numbers: [...numbers] };
}

test('each owner finds its own child, in any order of owners, and again after some were kept and more came', () => {
  fc.assert(
    fc.property(families.chain(withSome), families, ({ family, some }, more) => {
      const presence = presenceOf(family);
      expect(found(presence, family.length, some)).toEqual(expected(family, some));
      const [kept = NOTHING] = presence.find([Uint32Array.from(some)], family.length);
      presence.keep(kept);
      for (const [index, has] of more.entries()) if (has) presence.add(some.length + index);
      const all = [...some.map((owner) => family[owner] as boolean), ...more];
      expect(presence.count).toBe(all.filter(Boolean).length);
      expect(found(presence, all.length, [...all.keys()])).toEqual(expected(all, [...all.keys()]));
    }),
    { numRuns: 300 },
  );
});

test('owners take memory only once one of them lacks a child, and then all of them', () => {
  const tally = { bytes: 0 };
  const presence = new Presence(tally);
  for (let owner = 0; owner < 100; owner += 1) presence.add(owner);
  expect(tally.bytes).toBe(0);
  presence.add(101);
  expect(tally.bytes).toBe(404);
});
