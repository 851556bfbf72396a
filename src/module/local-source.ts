// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** A source on this machine that speaks the protocol of the real one, so that a deployed processor collects from it. */
export interface LocalSource {
  /** What it is and where it listens, for people. */
  readonly name: string;
  /** What the module's secret holds, so that the processor finds it. */
  readonly secret: Readonly<Record<string, string>>;
  /** Whether its messages may be any text; otherwise it carries JSON documents alone. */
  readonly carriesAnyText: boolean;
  /** Delivers events, the text of one in each entry. */
  send(events: readonly string[]): void;
  stop(): Promise<void>;
}

/** What `local-source.ts` of a module exports as `startSource`; it listens on 127.0.0.1. */
export type StartLocalSource = () => Promise<LocalSource>;
