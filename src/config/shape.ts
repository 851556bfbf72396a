// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { KeyPath } from './problem.ts';
import { isGroup } from './value.ts';

/**
 * What may be written at one place of a configuration: the JSON Schema of a zod schema, which is the plain form that
 * messages, example, reference and editors are made from.
 * @see https://json-schema.org/draft/2020-12
 */
export interface Shape {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Shape;
  readonly propertyNames?: Shape;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly description?: string;
  /** What `pattern` asks for, in words; editors show it too. */
  readonly patternErrorMessage?: string;
  readonly deprecated?: boolean | string;
  /** What to write instead; editors show it too. */
  readonly deprecationMessage?: string;
  readonly removedIn?: string;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Shape>>;
}

/** The JSON Schema of what a person writes (before defaults are applied); groups take the keys they know, no others. */
export function jsonSchemaOf(schema: z.ZodType): Shape {
  return z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      if (jsonSchema.properties !== undefined) jsonSchema.additionalProperties ??= false;
      if (typeof jsonSchema.deprecated === 'string') {
        jsonSchema.deprecationMessage ??= jsonSchema.deprecated;
        jsonSchema.deprecated = true;
      }
    },
  }) as Shape;
}

const shapes = new WeakMap<z.ZodType, Shape>();

/** The shape of a zod schema without references, so that it can be walked. */
export function shapeOf(schema: z.ZodType): Shape {
  const made = shapes.get(schema);
  if (made !== undefined) return made;
  const { $defs = {}, ...root } = jsonSchemaOf(schema);
  const shape = inline(root, $defs, []) as Shape;
  shapes.set(schema, shape);
  return shape;
}

function inline(node: unknown, defs: Readonly<Record<string, Shape>>, open: readonly string[]): unknown {
  if (Array.isArray(node)) return node.map((item) => inline(item, defs, open));
  if (!isGroup(node)) return node;
  const { $ref, ...rest } = node;
  const own = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, inline(value, defs, open)]));
  if (typeof $ref !== 'string') return own;
  const name = $ref.slice($ref.lastIndexOf('/') + 1);
  // A schema that contains itself is opened once; below, anything goes as far as the shape can tell.
  if (open.includes(name)) return own;
  return { ...(inline(defs[name] ?? {}, defs, [...open, name]) as object), ...own };
}

/** The shape at `path`, or nothing where the path is not known. Below a choice of shapes it is a choice again. */
export function shapeAt(shape: Shape, path: KeyPath): Shape | undefined {
  const [part, ...rest] = path;
  if (part === undefined) return shape;
  const choices = shape.anyOf ?? shape.oneOf;
  if (choices !== undefined) {
    const found = choices.flatMap((choice) => shapeAt(choice, path) ?? []);
    return found.length < 2 ? found[0] : { anyOf: found };
  }
  const below = belowOf(shape, part);
  return below === undefined ? undefined : shapeAt(below, rest);
}

/** The shape under one key or index of a group or list. */
export function belowOf(shape: Shape, part: string | number): Shape | undefined {
  if (typeof part === 'number') return shape.items;
  if (shape.properties !== undefined && Object.hasOwn(shape.properties, part)) return shape.properties[part];
  return typeof shape.additionalProperties === 'object' ? shape.additionalProperties : undefined;
}

/** Every key that can be written, groups before what they hold. Keys a person chooses are shown as `<name>`. */
export function keysOf(
  shape: Shape,
  path: KeyPath = [],
): { readonly path: KeyPath; readonly shape: Shape; readonly required: boolean }[] {
  return Object.entries(shape.properties ?? {}).flatMap(([key, value]) => {
    const own = [...path, key];
    const items = value.items?.properties === undefined ? [] : keysOf(value.items, [...own, 0]);
    return [
      { path: own, shape: value, required: shape.required?.includes(key) ?? false },
      ...keysOf(value, own),
      ...items,
    ];
  });
}

/** Whether a value of this shape is a group whose keys the schema knows. */
export function isGroupShape(shape: Shape): boolean {
  return shape.properties !== undefined;
}
