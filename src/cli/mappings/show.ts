// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { counted } from '../../errors/counted.ts';
import type { Column } from '../../ocsf/index.ts';
import { keysOf } from '../../ocsf/text-map.ts';
import type { Sample, SampleResult } from '../../pipeline/build/sample.ts';
import type { Output } from '../output.ts';
import { table } from '../output.ts';

/** The samples of a module, a line each, and what is wrong with those that are not as expected. */
export function showTable(output: Output, id: string, results: readonly SampleResult[]): void {
  const { style } = output;
  output.line(style.bold(id));
  const rows = results.map(({ sample, verdict }) => [
    sample.name,
    verdict,
    sample.mapping ?? 'none',
    sample.rows.length,
    warnings(sample),
    `${shareUnmapped(sample)} %`,
  ]);
  const head = ['case', 'verdict', 'mapping', 'rows', 'warnings', 'unmapped'];
  for (const line of table(head, rows)) output.line(`  ${line}`);
  const bad = results.filter(({ isFine }) => !isFine);
  for (const result of bad) {
    output.line();
    output.line(`${style.red(result.sample.name)}: ${result.verdict}`);
    showProblems(output, result);
  }
  output.line();
  output.line(
    `${counted(results.length, 'case')}, ${bad.length === 0 ? 'all as expected' : `${bad.length} not as expected`}`,
  );
}

/** All of one sample: the way from raw event to Parquet, what is left behind, and what the validator says. */
export function showCase(output: Output, result: SampleResult, columns: readonly Column[]): void {
  const { style } = output;
  const { sample } = result;
  output.line(style.bold(`${sample.name}: ${result.verdict}`));
  output.line(`taken by ${sample.mapping ?? 'no mapping'}`);
  heading('Raw event');
  output.line(JSON.stringify(sample.raw, null, 2));
  heading('OCSF');
  output.line(JSON.stringify(sample.actual, null, 2));
  for (const [at, row] of sample.rows.entries()) {
    const cells = cellsOf(columns, row);
    const filled = cells.filter(({ value }) => value !== undefined);
    const which = sample.rows.length === 1 ? '' : `, row ${at}`;
    heading(
      `Parquet${which}: ${filled.length} of the ${counted(cells.length, 'column')} of its lake source with a value`,
    );
    const lines = filled.map(({ path, type, value }) => [path, type, shortened(JSON.stringify(value))]);
    for (const line of table(['column', 'type', 'value'], lines)) output.line(`  ${line}`);
  }
  heading(`Left in unmapped: ${counted(sample.unmapped.length, 'path')}, ${shareUnmapped(sample)} % of the values`);
  for (const path of sample.unmapped) output.line(`  ${path}`);
  heading('Validation');
  if (sample.issues.length === 0) output.line(sample.rows.length === 0 ? '  there is no row' : '  nothing to say');
  for (const { level, code, path, message } of sample.issues) output.line(`  ${level}  ${code}  ${path}: ${message}`);
  if (result.isFine && result.verdict === 'ok') return;
  heading(result.verdict === 'differs' ? 'Difference: - expected, + what it is now' : 'Why');
  showProblems(output, result);

  function heading(text: string): void {
    output.line();
    output.line(style.bold(text));
  }
}

/** Every column of a lake source, filled or not. */
export function showColumns(output: Output, className: string, columns: readonly Column[]): void {
  const cells = cellsOf(columns, undefined);
  output.line();
  output.line(`${output.style.bold(className)}: ${counted(cells.length, 'Parquet column')}`);
  for (const line of table(
    ['column', 'type'],
    cells.map(({ path, type }) => [path, type]),
  ))
    output.line(`  ${line}`);
}

/** Values of the raw event that stay in `unmapped`, in percent of all. */
export function shareUnmapped({ raw, rows }: Sample): number {
  const all = countValues(raw);
  const left = Math.max(0, ...rows.map(({ unmapped }) => keysOf(unmapped).length));
  return all === 0 ? 0 : Math.round((100 * left) / all);
}

function showProblems(output: Output, { sample, differences: found, verdict }: SampleResult): void {
  for (const rival of sample.rivals) output.line(`  ${rival} takes it too, with the same priority`);
  for (const { code, path, message } of sample.reasons) {
    output.line(`  ${code}  ${path === '' ? '' : `${path}: `}${message}`);
  }
  if (verdict === 'no expectation') output.line('  there is no .ocsf.json beside it; --update writes it');
  for (const { path, expected, actual } of found) {
    output.line(`  ${path}`);
    if (expected !== undefined) output.line(`    ${output.style.red(`- ${JSON.stringify(expected)}`)}`);
    if (actual !== undefined) output.line(`    ${output.style.green(`+ ${JSON.stringify(actual)}`)}`);
  }
}

function warnings({ issues }: Sample): number {
  return issues.filter(({ level }) => level === 'warning').length;
}

function countValues(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, below) => sum + countValues(below), 0);
}

/** A leaf column and what a row holds in it; of a list all items. */
interface Cell {
  readonly path: string;
  readonly type: string;
  readonly value: unknown;
}

function cellsOf(columns: readonly Column[], row: unknown, prefix = ''): Cell[] {
  return columns.flatMap((column) => {
    const value = (row as Readonly<Record<string, unknown>> | undefined)?.[column.name];
    return cellsOfColumn(column, value, prefix === '' ? column.name : `${prefix}.${column.name}`);
  });
}

function cellsOfColumn(column: Column, value: unknown, path: string): Cell[] {
  switch (column.kind) {
    case 'leaf':
      return [{ path, type: column.type, value }];
    case 'map':
      return [{ path, type: 'map of texts', value }];
    case 'struct':
      return cellsOf(column.fields, value, path);
    case 'list': {
      const items = Array.isArray(value) ? value : [];
      return cellsOfColumn(column.element, undefined, `${path}[]`).map((cell, at) => {
        const values = items.map((item) => cellsOfColumn(column.element, item, '')[at]?.value);
        return { ...cell, value: values.every((item) => item === undefined) ? undefined : values };
      });
    }
  }
}

const WIDEST = 80;

function shortened(text: string): string {
  return text.length <= WIDEST ? text : `${text.slice(0, WIDEST - 3)}...`;
}
