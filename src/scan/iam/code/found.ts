// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Use } from './language.ts';
import type { At } from './tree.ts';
import type { Value } from './value.ts';

export interface Place {
  readonly file: string;
  readonly at: At;
}

/** A call of AWS in a program. */
export interface Call extends Place {
  readonly service: string;
  readonly operation: string;
  /** With credentials other than those of the function's role. */
  readonly foreign: boolean;
  /** Whether a way from the handler leads to it. */
  readonly reached: boolean;
  /** Name of the function it stands in; absent in the body of the file. */
  readonly within?: string;
  /** Whether that function may be called by a library, since it overrides a method of one of its classes. */
  readonly overrides: boolean;
}

/** A place whose calls of AWS cannot be told. */
export interface Unclear extends Place {
  readonly why: string;
  readonly reached: boolean;
}

type Keyed<T> = Omit<T, 'reached'> & { readonly key: string };

/** What one pass over a program finds. */
export class Found {
  private readonly byKey = new Map<string, Keyed<Call>>();
  private readonly doubts = new Map<string, Keyed<Unclear>>();
  /** With which credentials a command is sent, by where it is made. */
  private readonly sends = new Map<string, Set<boolean>>();
  private readonly makers = new Map<string, Place & { readonly service: string }>();

  call(use: Use, place: Place, around: Pick<Call, 'within' | 'overrides'>): void {
    const key = `${placeKey(place)} ${use.service} ${use.operation} ${use.foreign}`;
    this.byKey.set(key, { key, ...use, ...place, ...around });
  }

  tell(why: string, place: Place): void {
    const key = `${placeKey(place)} ${why}`;
    this.doubts.set(key, { key, ...place, why });
  }

  sent(command: Extract<Value, { t: 'command' }>, foreign: boolean): void {
    const known = this.sends.get(command.id) ?? new Set();
    this.sends.set(command.id, known.add(foreign));
  }

  made(value: Value, place: Place): void {
    const isMade = value.t === 'client' || (value.t === 'resource' && value.kind === `${value.service}.`);
    if (!isMade || value.foreign) return;
    this.makers.set(`${placeKey(place)} ${value.service}`, { ...place, service: value.service });
  }

  get calls(): readonly Keyed<Call>[] {
    return [...this.byKey.values()].map((call) => {
      const sent = this.sends.get(placeKey(call));
      return sent ? { ...call, foreign: !sent.has(false) } : call;
    });
  }

  get unclear(): readonly Keyed<Unclear>[] {
    return [...this.doubts.values()];
  }

  /** Whoever makes a client calls it: if no call is found, it went where it was not followed. */
  get lost(): readonly Unclear[] {
    const called = new Set(this.calls.map(({ service }) => service));
    return [...this.makers.values()]
      .filter(({ service }) => !called.has(service))
      .map(({ service, file, at }) => {
        const why = `a client of ${service} is made here, and none of its calls is found`;
        return { file, at, why, reached: true };
      });
  }
}

/** The place of a call or a command as `Value` names it. */
export function placeKey({ file, at }: Place): string {
  return `${file}:${at.join(':')}`;
}
