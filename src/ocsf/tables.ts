// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** What a value is physically; every OCSF type comes down to one of these. */
export type Base = 'string' | 'int32' | 'int64' | 'double' | 'boolean' | 'timestamp' | 'datetime' | 'json' | 'object';

export type Requirement = 'required' | 'recommended' | 'optional';

/** Since which schema version something is deprecated. */
export interface Deprecation {
  readonly since: string;
}

/** An attribute of a class or an object. */
export interface Attribute {
  /** OCSF type: `string_t`, `integer_t`, `timestamp_t`, `ip_t`, ... or `object_t`. */
  readonly type: string;
  readonly base: Base;
  /** Name of the object type, where `type` is `object_t`; `object` is the free-form one. */
  readonly object?: string;
  readonly array: boolean;
  readonly requirement: Requirement;
  /** Enum id -> caption. */
  readonly enum?: Readonly<Record<string, string>>;
  /** The attribute beside it that holds the caption of the enum id. */
  readonly sibling?: string;
  /** The attribute exists only where one of these profiles is declared. */
  readonly profiles?: readonly string[];
  /** OCSF observable `type_id` of the attribute's value. */
  readonly observable?: number;
  readonly deprecated?: Deprecation;
}

/** Which of some attributes must be present; a name may be a path (`device.os.version`). */
export interface Constraints {
  readonly at_least_one?: readonly string[];
  readonly just_one?: readonly string[];
}

export interface ClassTable {
  readonly name: string;
  readonly uid: number;
  readonly caption: string;
  readonly categoryUid: number;
  readonly categoryName: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly constraints: Constraints;
  readonly profiles: readonly string[];
  readonly deprecated?: Deprecation;
}

export interface ObjectTable {
  readonly name: string;
  readonly caption: string;
  /** Empty for the free-form `object`. */
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly constraints: Constraints;
  readonly observable?: number;
  readonly deprecated?: Deprecation;
}

/** A scalar type with its limits; `of` is the type it refines, whose limits hold where it has none of its own. */
export interface ScalarType {
  readonly base: Exclude<Base, 'object'>;
  readonly of?: string;
  readonly maxLen?: number;
  readonly range?: readonly [number, number];
  readonly regex?: string;
  readonly values?: readonly (string | number | boolean)[];
  readonly observable?: number;
}

/** One version of OCSF as tables; names are sorted. */
export interface OcsfSchema {
  readonly version: string;
  readonly classes: Readonly<Record<string, ClassTable>>;
  readonly objects: Readonly<Record<string, ObjectTable>>;
  readonly types: Readonly<Record<string, ScalarType>>;
  readonly profiles: Readonly<Record<string, { readonly caption: string }>>;
  readonly categories: Readonly<Record<string, { readonly uid: number; readonly caption: string }>>;
}
