// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Writable } from 'node:stream';

/** What a command says: results to standard output, progress to standard error, JSON instead of both where asked. */
export interface Output {
  readonly json: boolean;
  /** A line of the result. */
  line(text?: string): void;
  /** The whole result as JSON; only with `--json`. */
  object(value: unknown): void;
  /** A line of progress; nothing with `--json`. */
  progress(text: string): void;
  /** Runs a stage and says how long it took, on failure too. */
  stage<T>(title: string, work: (say: (detail: string) => void) => Promise<T>): Promise<T>;
  /** How long each stage took, in milliseconds, in the order in which they ended. */
  readonly stages: readonly { readonly title: string; readonly milliseconds: number }[];
  readonly style: Style;
}

/** Text styles; they change nothing where there is no terminal. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
}

const STILL_RUNNING_MS = 10_000;

export function createOutput(options: {
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly json: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}): Output {
  const { stdout, stderr, json, environment } = options;
  const colour = Boolean(stdout.isTTY && stderr.isTTY) && !environment.NO_COLOR;
  const style = styles(colour);
  const stages: { title: string; milliseconds: number }[] = [];

  function progress(text: string): void {
    if (!json) stderr.write(`${text}\n`);
  }

  return {
    json,
    style,
    stages,
    progress,
    line(text = '') {
      if (!json) stdout.write(`${text}\n`);
    },
    object(value) {
      if (json) stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    async stage(title, work) {
      const start = performance.now();
      let detail = '';
      progress(`${style.dim('..')} ${title}`);
      const timer = setInterval(() => {
        progress(style.dim(`   still: ${title}${detail ? `: ${detail}` : ''} (${seconds(start)})`));
      }, STILL_RUNNING_MS);
      timer.unref();
      try {
        const result = await work((text) => {
          detail = text;
        });
        progress(`${style.green('ok')} ${title}${detail ? `: ${detail}` : ''} ${style.dim(seconds(start))}`);
        return result;
      } catch (error) {
        progress(`${style.red('failed')} ${title} ${style.dim(seconds(start))}`);
        throw error;
      } finally {
        clearInterval(timer);
        stages.push({ title, milliseconds: Math.round(performance.now() - start) });
      }
    },
  };
}

function seconds(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}

function styles(colour: boolean): Style {
  const paint = (open: number, close: number) => (text: string) =>
    colour ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return { bold: paint(1, 22), dim: paint(2, 22), red: paint(31, 39), green: paint(32, 39), yellow: paint(33, 39) };
}

/** Lines of a table: columns as wide as their widest cell; cells of numbers stand to the right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const cells = [head, ...rows].map((row) => row.map((cell) => (typeof cell === 'number' ? grouped(cell) : cell)));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const right = head.map((_, column) => rows.every((row) => typeof row[column] === 'number'));
  return cells.map((row) =>
    row
      .map((cell, column) => (right[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** 1234567 as `1,234,567`. */
export function grouped(value: number): string {
  return value.toLocaleString('en-US');
}
