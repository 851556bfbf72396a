// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { ValidationIssue } from './integration-module.ts';

type Path = readonly (string | number)[];

/** The schema below optional, default and the like, with the deprecation note found on any of the layers. */
function unwrap(schema: unknown): { readonly inner: unknown; readonly deprecated?: string } {
  let inner = schema;
  let deprecated: string | undefined;
  for (;;) {
    if (!(inner instanceof z.ZodType)) return { inner, deprecated };
    const meta = inner.meta();
    if (meta?.deprecated) deprecated ??= String(meta.description ?? '');
    const def = inner.def as { readonly innerType?: unknown; readonly in?: unknown };
    const next = def.innerType ?? def.in;
    if (next === undefined) return { inner, deprecated };
    inner = next;
  }
}

/** Paths of objects that would swallow unknown keys; a typo must never pass. */
export function looseObjects(schema: unknown, path: Path = []): readonly string[] {
  const { inner } = unwrap(schema);
  if (inner instanceof z.ZodArray) return looseObjects(inner.element, [...path, '[]']);
  if (inner instanceof z.ZodRecord) return looseObjects(inner.valueType, [...path, '*']);
  if (inner instanceof z.ZodUnion) return inner.options.flatMap((option) => looseObjects(option, path));
  if (!(inner instanceof z.ZodObject)) return [];
  const below = Object.entries(inner.shape).flatMap(([key, value]) => looseObjects(value, [...path, key]));
  const strict = inner.def.catchall instanceof z.ZodNever;
  return strict ? below : [path.join('.') || '(the whole)', ...below];
}

/** A warning for every key of `value` that its schema marks `.meta({ deprecated: true })`. */
export function deprecatedKeys(schema: unknown, value: unknown, path: Path = []): readonly ValidationIssue[] {
  const { inner } = unwrap(schema);
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    return value.flatMap((item, index) => deprecatedKeys(inner.element, item, [...path, index]));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (inner instanceof z.ZodRecord) {
    return entries.flatMap(([key, item]) => deprecatedKeys(inner.valueType, item, [...path, key]));
  }
  if (!(inner instanceof z.ZodObject)) return [];
  const shape: Readonly<Record<string, unknown>> = inner.shape;
  return entries.flatMap(([key, item]) => {
    const at = [...path, key];
    const { deprecated } = unwrap(shape[key]);
    const below = deprecatedKeys(shape[key], item, at);
    return deprecated === undefined ? below : [{ path: at, message: deprecationMessage(deprecated) }, ...below];
  });
}

function deprecationMessage(description: string): string {
  return description === '' ? 'is deprecated' : `is deprecated: ${description}`;
}
