// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { ocsfSchema } from '../ocsf/schema.ts';
import { eventClassOf } from './event-class.ts';
import { lakeSourceName } from './lake-source-name.ts';

test('a lake source is named after module and class', () => {
  expect(lakeSourceName('azure', 'detection_finding')).toBe('azure-2004');
  expect(lakeSourceName('google-scc', 'vulnerability_finding')).toBe('google-scc-2002');
});

test('the longest module id gives a name of 20 characters, and two alike differ', () => {
  const one = lakeSourceName('an-integration-with-long-name-1', 'detection_finding');
  const other = lakeSourceName('an-integration-with-long-name-2', 'detection_finding');

  for (const name of [one, other]) expect(name).toMatch(/^[A-Za-z0-9_.-]{20}$/);
  expect(one).not.toBe(other);
});

test('a class that OCSF does not have is refused', () => {
  expect(() => lakeSourceName('azure', 'detection_findings')).toThrow('detection_finding');
});

test('every class of OCSF 1.3.0 has its event class in Security Lake, except the base of all', () => {
  const { classes } = ocsfSchema('1.3.0');
  const refused = Object.keys(classes).filter((name) => {
    try {
      return !/^[A-Z_]+$/.test(eventClassOf(name));
    } catch {
      return true;
    }
  });

  expect(refused).toEqual(['base_event']);
  expect(eventClassOf('file_activity')).toBe('FILE_SYSTEM_ACTIVITY');
});
