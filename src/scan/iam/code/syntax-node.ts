// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { At } from './tree.ts';

/** A node of the syntax tree, as far as every node goes. */
export interface Node {
  readonly type: string;
  readonly loc?: { readonly start: { readonly line: number; readonly column: number } } | null;
  readonly [member: string]: unknown;
}

/** Where a node begins. */
export function at(node: Node): At {
  const { line = 1, column = 0 } = node.loc?.start ?? {};
  return [line, column + 1];
}

/** Whether a member of a node is a node itself. */
export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

/** The nodes of a list. */
export function nodes(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** Nodes directly below, annotations and comments left out. */
export function children(node: Node): readonly Node[] {
  return Object.entries(node).flatMap(([key, value]) =>
    /^(loc|.*[cC]omments|typeAnnotation|typeParameters|typeArguments|returnType|extra)$/.test(key)
      ? []
      : [value].flat().filter(isNode),
  );
}

/** The name of an identifier, or the text that stands for one. */
export function nameOf(node: unknown): string {
  if (!isNode(node)) return '';
  return node.type === 'StringLiteral' ? String(node.value) : String(node.name ?? '');
}

/** The name of a property: `key`, `'key'`, `#key`. */
export function keyOf(node: unknown): string {
  if (!isNode(node)) return '';
  return node.type === 'PrivateName' ? `#${nameOf(node.id)}` : nameOf(node);
}

/** The text of a literal. */
export function textOf(node: unknown): string {
  return isNode(node) ? String(node.value ?? '') : '';
}

/** The names that a pattern declares. */
export function namesIn(node: Node): readonly string[] {
  if (node.type === 'Identifier') return [nameOf(node)];
  return [node.properties, node.elements, node.value, node.argument, node.left]
    .flat()
    .filter(isNode)
    .flatMap((part) => namesIn(part));
}
