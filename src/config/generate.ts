// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';
import { type ConfigurableModules, configurationOf } from './configuration.ts';
import { ENVIRONMENTS, environmentNames } from './environments.ts';
import type { KeyPath } from './problem.ts';
import { productionRules } from './rules.ts';
import { jsonSchemaOf } from './shape.ts';

export { renderExample } from './example.ts';
export { renderConfigTable, renderReference, withConfigTable } from './reference.ts';

/** The text of config.schema.json: the JSON Schema (2020-12) of a configuration file, for editors. */
export function renderJsonSchema(modules: ConfigurableModules): string {
  const { $schema, ...schema } = jsonSchemaOf(configurationOf(modules)) as Record<string, unknown>;
  const title = 'Configuration of Slake';
  return jsonText({ $schema, title, ...withEnvironments(schema), ...productionSchema() });
}

/** Adds the key whose values are laid over for one environment: the same keys, none of them required. */
function withEnvironments(schema: Record<string, unknown>): Record<string, unknown> {
  const { environment: _, ...properties } = optional(schema).properties as Record<string, unknown>;
  const values = { type: 'object', properties, additionalProperties: false };
  const environments = {
    description: 'Values that win over those beside it, for one environment alone.',
    type: 'object',
    properties: Object.fromEntries(environmentNames.map((name) => [name, { $ref: '#/$defs/environmentValues' }])),
    additionalProperties: false,
  };
  return {
    ...schema,
    properties: { ...(schema.properties as object), [ENVIRONMENTS]: environments },
    $defs: { ...((schema.$defs as object | undefined) ?? {}), environmentValues: values },
  };
}

/** A schema with nothing required at any depth, and no defaults that an editor would fill in. */
function optional(node: unknown): Record<string, unknown> {
  if (typeof node !== 'object' || node === null) return {};
  const { required: _, default: __, properties, ...rest } = node as Record<string, unknown>;
  if (typeof properties !== 'object' || properties === null) return rest;
  return {
    ...rest,
    properties: Object.fromEntries(Object.entries(properties).map(([key, below]) => [key, optional(below)])),
  };
}

/** The text of a module's config.schema.json: what may stand under `integrations.<id>.config`. */
export function moduleJsonSchema(schema: z.ZodType): string {
  return jsonText(jsonSchemaOf(schema));
}

function productionSchema(): object {
  const isProd = { properties: { environment: { const: 'prod' } }, required: ['environment'] };
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  return { if: isProd, then: { allOf: productionRules.map(({ path, demands }) => constantAt(path, demands)) } };
}

function constantAt(path: KeyPath, value: string | boolean): object {
  const [key, ...rest] = path;
  return key === undefined ? { const: value } : { properties: { [key]: constantAt(rest, value) } };
}

const lineWidth = 120;

/** JSON in the layout of the formatter, so that a generated file is a formatted file. */
export function jsonText(value: unknown): string {
  return `${layout(value, 0, 0)}\n`;
}

function layout(value: unknown, depth: number, column: number): string {
  const inner = '  '.repeat(depth + 1);
  const outer = '  '.repeat(depth);
  if (Array.isArray(value)) return arrayLayout(value, depth, column);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, below]) => below !== undefined);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, below]) => {
    const name = `${inner}${JSON.stringify(key)}: `;
    return `${name}${layout(below, depth + 1, name.length)}`;
  });
  return `{\n${lines.join(',\n')}\n${outer}}`;
}

function arrayLayout(items: readonly unknown[], depth: number, column: number): string {
  const inner = '  '.repeat(depth + 1);
  const outer = '  '.repeat(depth);
  const texts = items.map((item) => layout(item, depth + 1, inner.length));
  const flat = `[${texts.join(', ')}]`;
  // One column is left for the comma that may follow.
  if (!flat.includes('\n') && column + flat.length < lineWidth) return flat;
  if (!items.every((item) => typeof item === 'number')) return `[\n${inner}${texts.join(`,\n${inner}`)}\n${outer}]`;
  const lines = [''];
  for (const text of texts) {
    const line = lines[lines.length - 1] ?? '';
    if (line !== '' && inner.length + line.length + text.length + 3 > lineWidth) lines.push(text);
    else lines[lines.length - 1] = line === '' ? text : `${line}, ${text}`;
  }
  return `[\n${inner}${lines.join(`,\n${inner}`)}\n${outer}]`;
}
