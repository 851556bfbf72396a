// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { parameterMisplaced, parameterUnread } from '../errors/config.ts';
import { type Finding, finding, type KeyPath } from './problem.ts';
import { type Shape, shapeAt } from './shape.ts';
import { eachValue, isGroup } from './value.ts';

const WHOLE = /^\$\{ssm:(\/[A-Za-z0-9_./-]{1,1000})\}$/;
const ANY = /\$\{ssm:/;

/** Values of Parameter Store by name, as they were read. */
export type ParameterValues = ReadonlyMap<string, string>;

/** The parameters a configuration takes values from, each once. */
export function parameterNames(data: unknown): string[] {
  const names = new Set<string>();
  eachValue(data, (_, value) => {
    const name = typeof value === 'string' ? WHOLE.exec(value)?.[1] : undefined;
    if (name) names.add(name);
  });
  return [...names];
}

/**
 * The data with `${ssm:/name}` replaced by the value of the parameter; where a number or a boolean is asked for, the
 * text of one becomes it. What could not be read is a finding, and its path is in `unread`.
 */
export function withParameters(
  data: unknown,
  shape: Shape,
  parameters: ParameterValues | undefined,
): { readonly data: unknown; readonly findings: readonly Finding[]; readonly unread: readonly KeyPath[] } {
  const findings: Finding[] = [];
  const unread: KeyPath[] = [];
  return { data: replaced(data, []), findings, unread };

  function replaced(value: unknown, path: KeyPath): unknown {
    if (Array.isArray(value)) return value.map((item, at) => replaced(item, [...path, at]));
    if (isGroup(value)) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item, [...path, key])]));
    }
    if (typeof value !== 'string' || !ANY.test(value)) return value;
    const name = WHOLE.exec(value)?.[1];
    if (name === undefined) {
      findings.push(finding(parameterMisplaced, path, {}));
      unread.push(path);
      return value;
    }
    const text = parameters?.get(name);
    if (text !== undefined) return typed(text, shapeAt(shape, path));
    findings.push(finding(parameterUnread, path, { name, known: parameters !== undefined }));
    unread.push(path);
    return value;
  }
}

function typed(text: string, shape: Shape | undefined): unknown {
  const types = [shape?.type ?? []].flat();
  if ((types.includes('integer') || types.includes('number')) && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (types.includes('boolean') && /^(true|false)$/.test(text)) return text === 'true';
  if (types.includes('array')) return text.split(',').map((item) => item.trim());
  return text;
}
