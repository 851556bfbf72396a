// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { schemas } from './generated/schemas.ts';
import { isIp, isIpv4, isIpv6 } from './ip.ts';

/** IPv6 addresses, but for those whose end is written as IPv4. */
const hexadecimal = fc.ipV6().filter((address) => !address.includes('.'));

test.each(Object.entries(schemas))('an address is one for OCSF %s', (_, { types }) => {
  const pattern = new RegExp(types.ip_t?.regex ?? 'none');
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), hexadecimal), (address) => {
      expect([isIp(address), pattern.test(address)]).toEqual([true, true]);
    }),
  );
});

test('what is no IPv4 address for Node is none', () => {
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

test('what is an IPv6 address for Node is one, but for an IPv4 part and a zone', () => {
  const group = fc.oneof(
    { weight: 8, arbitrary: fc.nat({ max: 0xffff }).map((number) => number.toString(16)) },
    fc.constantFrom('', '', '0', '00000', 'FfFf', 'g', ' 1', '-1', '10000'),
  );
  fc.assert(
    fc.property(fc.array(group, { maxLength: 10 }), fc.constantFrom(':', '::', ':::'), fc.nat(9), (groups, gap, at) => {
      const text = [groups.slice(0, at).join(':'), groups.slice(at).join(':')].join(groups.length > at ? gap : '');
      expect(isIpv6(text), text).toBe(isIPv6(text));
    }),
    { numRuns: 5_000 },
  );
});

test.each(['', ':', '::', ':::', '1', '1:', ':1', '1::', '::1', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8'])(
  '%o is an IPv6 address or not as Node says',
  (text) => expect(isIpv6(text)).toBe(isIPv6(text)),
);

test.each(['1:2:3:4:5:6:7::', '::2:3:4:5:6:7:8', '1:2:3:4::5:6:7:8', '1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7:8::'])(
  '%o has as many groups as an address or not',
  (text) => expect(isIpv6(text)).toBe(isIPv6(text)),
);
