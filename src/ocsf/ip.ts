// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** The forms that nearly every address has; what else is one, an expression tells, which takes much longer. */
export function isIp(text: string): boolean {
  return isIpv4(text) || isIpv6(text);
}

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

const COLON = 0x3a;

/** Eight groups of one to four hexadecimal digits; a `::` stands for one group or more. No IPv4 part, no zone. */
export function isIpv6(text: string): boolean {
  if (text.length < 2 || text.length > 39) return false;
  let groups = 0;
  let digits = 0;
  let isShort = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code !== COLON) {
      if (!isHex(code) || digits === 4) return false;
      if (digits === 0) groups += 1;
      digits += 1;
      continue;
    }
    if (text.charCodeAt(at + 1) === COLON) {
      if (isShort) return false;
      isShort = true;
      at += 1;
    } else if (digits === 0 || at === text.length - 1) return false;
    digits = 0;
  }
  return isShort ? groups < 8 : groups === 8;
}

function isHex(code: number): boolean {
  const letter = code | 0x20;
  return (code >= 0x30 && code <= 0x39) || (letter >= 0x61 && letter <= 0x66);
}
