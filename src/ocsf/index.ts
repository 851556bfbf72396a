// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Versions } from './generated/index.ts';

export type { Column } from './column.ts';
export type { Issue, IssueCode } from './issue.ts';

/** An OCSF version that has tables here. */
export type OcsfVersion = keyof Versions;

/** The newest version that Security Lake takes. */
export const DEFAULT_OCSF_VERSION = '1.3.0';
type Default = typeof DEFAULT_OCSF_VERSION;

/** Name of an event class: `detection_finding`. */
export type ClassName<V extends OcsfVersion = Default> = keyof Versions[V]['events'];

/** Name of an object type: `network_endpoint`. */
export type ObjectName<V extends OcsfVersion = Default> = keyof Versions[V]['objects'];

/** A profile, as `metadata.profiles` declares it. */
export type Profile<V extends OcsfVersion = Default> = Versions[V]['profile'];

/** An event of a class. What a profile makes required is optional here; the validator demands it. */
export type EventOf<C extends ClassName<V>, V extends OcsfVersion = Default> = Versions[V]['events'][C];

/** An object of a type. */
export type ObjectOf<O extends ObjectName<V>, V extends OcsfVersion = Default> = Versions[V]['objects'][O];
