// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
//
// Converters for mappings. Each takes any raw value and yields the OCSF value, or undefined where the raw value is not
// what it should be: nothing is guessed, and the raw value then stays in `unmapped`.
import { isIP } from 'node:net';
import { isIp } from '../ocsf/ip.ts';

const ISO_8601 =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,18}))?)?(?:\s?(?:([Zz]|UTC)|([+-])(\d{2}):?(\d{2})?))?)?$/;
/** .NET writes year 1 where it has no time; no source of security events knows of anything before 1970. */
const FIRST_YEAR = 1970;

/**
 * Epoch milliseconds of an ISO 8601 time. A time without zone is UTC; further digits of a fraction (.NET writes 7,
 * others 9) are cut off; a space may stand for the `T`. Years before 1970 are no time.
 */
export function isoMs(value: unknown): number | undefined {
  if (typeof value !== 'string' || value.length > 64) return undefined;
  if (lastTime.text !== value) lastTime = { text: value, ms: utcMs(value) ?? anyIsoMs(value) };
  return lastTime.ms;
}

/** The time that was read last: several attributes take the same one. */
let lastTime: { readonly text: string; readonly ms: number | undefined } = { text: '', ms: undefined };

/** The form that nearly every time has, `2026-01-31T12:00:00.123Z` with any fraction, read without a pattern. */
function utcMs(text: string): number | undefined {
  const last = text.length - 1;
  if (last < 19 || text.charCodeAt(last) !== 0x5a || text.charCodeAt(10) !== 0x54) return undefined;
  if (text.charCodeAt(4) !== 0x2d || text.charCodeAt(7) !== 0x2d) return undefined;
  if (text.charCodeAt(13) !== 0x3a || text.charCodeAt(16) !== 0x3a) return undefined;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  let ms = 0;
  if (last > 19) {
    if (text.charCodeAt(19) !== 0x2e || last < 21 || last > 38) return undefined;
    // What is beyond milliseconds only has to be digits.
    if (last > 23 && !(digits(text, 23, last) >= 0)) return undefined;
    const shown = Math.min(last, 23);
    ms = digits(text, 20, shown) * (TENS[23 - shown] as number);
  }
  // What is out of range is left to the pattern, which refuses it.
  if (year < FIRST_YEAR || month < 1 || day < 1 || hour < 0 || minute < 0 || second < 0 || ms < 0) return undefined;
  if (month > 12 || hour > 23 || minute > 59 || second > 59 || day > daysOf(year, month)) return undefined;
  return daysBefore(year, month, day) * 86_400_000 + (hour * 3600 + minute * 60 + second) * 1000 + ms;
}

const TENS = [1, 10, 100];
/** Days of a year before each of its months, February having 28. */
const BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

function daysOf(year: number, month: number): number {
  const days = (BEFORE_MONTH[month] as number) - (BEFORE_MONTH[month - 1] as number);
  return month === 2 && isLeap(year) ? 29 : days;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Days from 1970-01-01 to a day of a year from 1970 on; `Date.UTC` takes far longer. */
function daysBefore(year: number, month: number, day: number): number {
  const last = year - 1;
  const leapDays = Math.floor(last / 4) - Math.floor(last / 100) + Math.floor(last / 400) - LEAP_DAYS_1969;
  const leapDay = month > 2 && isLeap(year) ? 1 : 0;
  return (year - FIRST_YEAR) * 365 + leapDays + (BEFORE_MONTH[month - 1] as number) + leapDay + day - 1;
}

/** Leap days of the Gregorian calendar up to 1969. */
const LEAP_DAYS_1969 = 477;

/** The number that two digits make; negative where something else stands there. */
function twoDigits(text: string, at: number): number {
  const ten = text.charCodeAt(at) - 0x30;
  const one = text.charCodeAt(at + 1) - 0x30;
  return ten < 0 || ten > 9 || one < 0 || one > 9 ? -100_000 : ten * 10 + one;
}

/** The number that the digits from `start` to `end` make; negative where something else stands there. */
function digits(text: string, start: number, end: number): number {
  let number = 0;
  for (let at = start; at < end; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return Number.NEGATIVE_INFINITY;
    number = number * 10 + digit;
  }
  return number;
}

function anyIsoMs(value: string): number | undefined {
  const parts = ISO_8601.exec(value.trim());
  if (!parts) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', , sign, zoneHour, zoneMinute] =
    parts;
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  if (Number(year) < FIRST_YEAR || h > 23 || m > 59 || s > 60) return undefined;
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const date = new Date(midnight);
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
  const [zh, zm] = [Number(zoneHour ?? 0), Number(zoneMinute ?? 0)];
  if (zh > 23 || zm > 59) return undefined;
  const offset = (zh * 60 + zm) * (sign === '-' ? -60_000 : 60_000);
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return midnight + h * 3_600_000 + m * 60_000 + s * 1000 + ms - offset;
}

const SPRING_1973_MS = 100_000_000_000;
const YEAR_2100_MS = 4_102_444_800_000;
/** How many of each unit make a millisecond; the ranges between 1973 and 2100 do not touch. */
const EPOCH_UNITS = [0.001, 1, 1_000, 1_000_000];

/**
 * Epoch milliseconds of an epoch number (or its text) in seconds, milliseconds, microseconds or nanoseconds, told
 * apart by magnitude. Outside 1973 to 2100 the unit cannot be told, so it is no time.
 */
export function epochMs(value: unknown): number | undefined {
  const number = float(value);
  if (number === undefined) return undefined;
  for (const unit of EPOCH_UNITS) {
    const ms = number / unit;
    if (ms >= SPRING_1973_MS && ms < YEAR_2100_MS) return Math.floor(ms);
  }
  return undefined;
}

/** Epoch milliseconds of an ISO 8601 time or of an epoch number, for sources that write both. */
export function timeMs(value: unknown): number | undefined {
  return isoMs(value) ?? epochMs(value);
}

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/** A finite number, or the text of one. */
export function float(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.length > 64 || !NUMBER.test(value.trim())) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** An integer that a number holds exactly (OCSF `long_t`), or the text of one. */
export function long(value: unknown): number | undefined {
  const number = float(value);
  return number !== undefined && Number.isSafeInteger(number) ? number : undefined;
}

/** An integer of 32 bits (OCSF `integer_t`), or the text of one. */
export function integer(value: unknown): number | undefined {
  const number = long(value);
  return number !== undefined && number === (number | 0) ? number : undefined;
}

/** A boolean, or what stands for one: `true`, `false` in any case, 1, 0. */
export function boolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 1 || value === '1') return true;
  if (value === 0 || value === '0') return false;
  if (typeof value !== 'string' || value.length > 16) return undefined;
  const word = value.trim().toLowerCase();
  if (word === 'true') return true;
  return word === 'false' ? false : undefined;
}

/**
 * A valid IPv4 or IPv6 address; a port, brackets and a zone are stripped. The unspecified address (`0.0.0.0`, `::`)
 * is nobody's: sources write it where they know none.
 */
export function ip(value: unknown): string | undefined {
  const address = endpoint(value)?.address;
  return address === '0.0.0.0' || address === '::' ? undefined : address;
}

/** A port number, or the port behind an address (`192.0.2.1:443`, `[2001:db8::1]:443`). */
export function port(value: unknown): number | undefined {
  const number = integer(value) ?? integer(endpoint(value)?.port);
  return number !== undefined && number >= 0 && number <= 65_535 ? number : undefined;
}

const BRACKETED = /^\[([^\]]{2,64})\](?::(\d{1,5}))?$/;
const WITH_PORT = /^([^:]{7,15}):(\d{1,5})$/;

function endpoint(value: unknown): { address: string; port?: string } | undefined {
  if (typeof value !== 'string' || value.length > 80) return undefined;
  if (isIp(value)) return { address: value };
  const text = value.trim();
  const [, host = text, port] = BRACKETED.exec(text) ?? WITH_PORT.exec(text) ?? [];
  const address = host.replace(/%.*$/, '');
  return isIP(address) === 0 ? undefined : { address, ...(port === undefined ? {} : { port }) };
}

/** Text in lower case, without white space around it. */
export function lowerText(value: unknown): string | undefined {
  return trimmed(value)?.toLowerCase();
}

/** Text without white space around it; numbers and booleans are no text here. */
export function trimmed(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  return value.trim() || undefined;
}

const EMAIL = /^[^\s@<>"(),:;]{1,64}@[A-Za-z0-9.-]{1,255}$/;

/** An e-mail address in lower case. */
export function email(value: unknown): string | undefined {
  const address = lowerText(value);
  return address !== undefined && EMAIL.test(address) ? address : undefined;
}

/** An absolute http or https URL, as it was written. */
export function url(value: unknown): string | undefined {
  const address = trimmed(value);
  return address !== undefined && /^https?:\/\/[^\s]+$/i.test(address) ? address : undefined;
}

/** An array of text; a single text is an array of one. What is no text makes the whole array none. */
export function texts(value: unknown): string[] | undefined {
  const list = Array.isArray(value) ? value : [value];
  const found: string[] = [];
  for (const item of list) {
    if (item === null || item === '') continue;
    if (typeof item !== 'string' && typeof item !== 'number' && typeof item !== 'boolean') return undefined;
    if (item !== undefined) found.push(String(item));
  }
  return found.length === 0 ? undefined : found;
}

/** The parts of a text that commas or semicolons separate; an array is taken as `texts` does. */
export function listed(value: unknown): string[] | undefined {
  if (typeof value !== 'string') return Array.isArray(value) ? texts(value) : undefined;
  const parts = value
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return parts.length === 0 ? undefined : parts;
}

/** Characters of JSON that fit into one page of Parquet, whatever they are: a page has at most 1 MB. */
const MAX_JSON = 300_000;

/**
 * Compact JSON of an object or an array that holds something (OCSF `json_t`); JSON text is kept as it is. What has over
 * 300,000 characters stays in `unmapped`.
 */
export function json(value: unknown): string | undefined {
  if (typeof value === 'object' && value !== null) {
    if (Object.keys(value).length === 0) return undefined;
    const text = JSON.stringify(value);
    return text.length > MAX_JSON ? undefined : text;
  }
  if (typeof value !== 'string' || value.length > MAX_JSON) return undefined;
  return parsedJson(value) === undefined ? undefined : value;
}

/** The object or array that a JSON text holds, for functions of mappings; undefined for anything else. */
export function parsedJson(value: unknown): object | undefined {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}
