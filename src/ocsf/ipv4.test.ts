// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { isIPv4 } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { schemas } from './generated/schemas.ts';
import { isIpv4 } from './ipv4.ts';

test.each(Object.entries(schemas))('an address is one for OCSF %s', (_, { types }) => {
  const pattern = new RegExp(types.ip_t?.regex ?? 'none');
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect([isIpv4(address), pattern.test(address)]).toEqual([true, true]);
    }),
  );
});

test('what is no address for Node is none', () => {
  const part = fc.oneof(
    fc.nat({ max: 300 }).map(String),
    fc.constantFrom('', '00', '01', ' 1', '1e1', '-1', '0x1', 'a'),
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 3, maxLength: 5 }), fc.constantFrom('.', '..', ':', '. '), (parts, dot) => {
      const text = parts.join(dot);
      expect(isIpv4(text)).toBe(isIPv4(text));
    }),
  );
});
