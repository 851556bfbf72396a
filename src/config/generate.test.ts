// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { exampleMissing } from '../errors/config.ts';
import { configurationOf } from './configuration.ts';
import { DemoConfig, demoModules, wholeConfiguration } from './fixtures/demo.ts';
import {
  moduleJsonSchema,
  renderConfigTable,
  renderExample,
  renderJsonSchema,
  renderReference,
  withConfigTable,
} from './generate.ts';
import { loadConfiguration } from './load.ts';
import { renderPath } from './problem.ts';
import { isGroupShape, keysOf, shapeOf } from './shape.ts';

const folder = mkdtempSync(join(tmpdir(), 'slake-generate-'));
afterAll(() => rmSync(folder, { recursive: true }));

const keys = keysOf(shapeOf(configurationOf(demoModules)));

describe('the example', () => {
  const example = renderExample(demoModules);

  it('is a valid configuration', () => {
    writeFileSync(join(folder, 'config.example.yaml'), example);

    const { configuration, problems } = loadConfiguration({
      file: 'config.example.yaml',
      folder,
      modules: demoModules,
    });

    expect(problems).toEqual([]);
    expect(configuration?.integrations.demo?.enabled).toBe(true);
  });

  it('is valid for production once it says so', () => {
    writeFileSync(join(folder, 'config.prod.yaml'), example.replace('environment: dev', 'environment: prod'));

    const { configuration } = loadConfiguration({ file: 'config.prod.yaml', folder, modules: demoModules });

    expect(configuration?.terminationProtection).toBe(true);
  });

  it('tells editors its schema and shows every key with what it is for', () => {
    expect(example).toMatch(/^# yaml-language-server: \$schema=\.\/config\.schema\.json\n/);
    for (const { path, shape } of keys) {
      if (path.includes(0) || path.includes('mode') || path.at(-1) === 'package') continue;
      expect(example).toMatch(new RegExp(`^ *(# *)*${String(path.at(-1))}:`, 'm'));
      const [start] = (shape.description ?? '').split(' ');
      expect(example).toContain(`# ${start}`);
    }
  });

  it('is valid too with its commented lines written', () => {
    const lines = example.split('\n').filter((line) => !/^ *# (interval|mode|window):/.test(line));
    const written = lines
      .map((line) => line.replace(/^( *)# (\w+: )/, '$1$2'))
      .filter((line) => !/^ *For example: /.test(line));
    const text = written.map((line) => (/^ *Deprecated: /.test(line) ? '' : line)).join('\n');
    writeFileSync(join(folder, 'config.full.yaml'), text);

    const { configuration, problems } = loadConfiguration({ file: 'config.full.yaml', folder, modules: demoModules });

    expect(problems).toEqual([]);
    expect(configuration).toMatchObject({ accountId: '123456789012', terminationProtection: true });
  });

  it('cannot be written for a required key without an example', () => {
    const modules = { demo: { configSchema: z.strictObject({ host: z.string() }) } };

    expect(() => renderExample(modules)).toThrow(expect.objectContaining({ entry: exampleMissing }));
  });
});

describe('the JSON Schema', () => {
  // zod reads no conditions (they are looked at by themselves below) and no Unicode classes.
  const text = renderJsonSchema(demoModules).replaceAll('\\\\p{L}\\\\p{Z}\\\\p{N}', 'A-Za-z0-9 ');
  const { if: _if, then: _then, ...plain } = JSON.parse(text);
  const schema = z.fromJSONSchema(plain);

  it('takes what the configuration takes', () => {
    expect(schema.safeParse(parse(renderExample(demoModules))).error).toBeUndefined();
    expect(schema.safeParse(wholeConfiguration).error).toBeUndefined();
  });

  it('refuses keys that are not known, at every depth', () => {
    for (const { path } of keys.filter(({ shape }) => isGroupShape(shape))) {
      const data = structuredClone(wholeConfiguration) as unknown;
      const group = path.reduce<Record<string | number, unknown>>(
        (at, part) => at[part] as Record<string, unknown>,
        data as Record<string, unknown>,
      );
      group.unheardOf = 1;
      expect(schema.safeParse(data).success, renderPath(path)).toBe(false);
    }
  });

  it('holds what production demands', () => {
    const { if: when, then } = JSON.parse(renderJsonSchema(demoModules));

    expect(when.properties.environment.const).toBe('prod');
    expect(then.allOf).toContainEqual({ properties: { encryption: { const: 'CUSTOMER_MANAGED_CMK' } } });
    expect(then.allOf).toContainEqual({
      properties: { monitoring: { properties: { alarms: { properties: { enabled: { const: true } } } } } },
    });
  });

  it('of a module closes groups that its schema leaves open, and marks deprecated keys', () => {
    const loose = JSON.parse(moduleJsonSchema(z.object({ inner: z.object({}).prefault({}) })));
    const { properties } = JSON.parse(moduleJsonSchema(DemoConfig));

    expect(loose.additionalProperties).toBe(false);
    expect(loose.properties.inner.additionalProperties).toBe(false);
    expect(properties.interval).toMatchObject({ deprecated: true, deprecationMessage: 'write schedule' });
  });
});

describe('the reference', () => {
  it('has a line for every key', () => {
    const reference = renderReference(demoModules);

    for (const { path, shape } of keys) {
      if (isGroupShape(shape)) continue;
      const name = renderPath(path)
        .replace('integrations.demo.config.', '')
        .replace('integrations.demo.', 'integrations.<id>.');
      expect(reference).toContain(`| \`${name.replaceAll('[0]', '[]')}\` |`);
    }
  });

  it('keeps its tables whole whatever a description holds', () => {
    const table = renderConfigTable(
      z.strictObject({ host: z.string().default('a|b').meta({ description: 'a | b, <name> and *all*' }) }),
    );

    expect(table.split('\n')[2]).toBe('| `host` | text | `a\\|b` | a \\| b, &lt;name&gt; and \\*all\\* |');
  });

  it('of a module stands between the markers of its README', () => {
    const readme = '# Demo\n\n<!-- configuration:begin -->\nold\n<!-- configuration:end -->\n\nmore\n';
    const fresh = withConfigTable(
      readme,
      z.strictObject({ on: z.boolean().default(true).meta({ description: 'On.' }) }),
    );

    expect(fresh).toBe(`# Demo

<!-- configuration:begin -->

| Key | Allowed | Default | Meaning |
| --- | --- | --- | --- |
| \`on\` | true or false | \`true\` | On. |

<!-- configuration:end -->

more
`);
    expect(withConfigTable(fresh, z.strictObject({ on: z.boolean().default(true).meta({ description: 'On.' }) }))).toBe(
      fresh,
    );
    expect(withConfigTable('# Demo\n', DemoConfig)).toBe('# Demo\n');
  });
});
