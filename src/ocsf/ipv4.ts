// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** Four decimal numbers up to 255 without leading zeros: the form that nearly every IPv4 address has. */
export function isIpv4(text: string): boolean {
  if (text.length < 7 || text.length > 15) return false;
  let dots = 0;
  let number = -1;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x2e) {
      if (number < 0) return false;
      dots += 1;
      number = -1;
      continue;
    }
    const digit = code - 0x30;
    if (digit < 0 || digit > 9 || number === 0) return false;
    number = number < 0 ? digit : number * 10 + digit;
    if (number > 255) return false;
  }
  return dots === 3 && number >= 0;
}
