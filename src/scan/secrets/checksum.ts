// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { crc32 } from 'node:zlib';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * Whether the last six characters of a token are the CRC-32 of the ones before them, in base 62: tokens of GitHub and
 * npm that were really issued.
 *
 * @param text the token without its prefix
 * @see https://github.blog/engineering/behind-githubs-new-authentication-token-formats/
 */
export function hasTokenChecksum(text: string): boolean {
  let rest = crc32(text.slice(0, -6));
  let checksum = '';
  while (checksum.length < 6) {
    checksum = (BASE62[rest % 62] ?? '0') + checksum;
    rest = Math.floor(rest / 62);
  }
  return text.length > 6 && text.endsWith(checksum);
}
