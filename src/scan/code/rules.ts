// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { Rule } from '../../findings/index.ts';

function rule(code: string, level: Rule['level'], title: string, why: string, fix: string): Rule {
  return { code, level, title, why, fix };
}

/** What processors must not do with input that others write. */
export const codeRules = [
  rule(
    'CODE-EVAL',
    'error',
    'No text is run as code',
    'Events are written by others: whoever controls the text runs code with the role of the function.',
    'Parse it: json.loads, ast.literal_eval, a table of functions.',
  ),
  rule(
    'CODE-DESERIALIZE',
    'error',
    'Nothing is unpickled',
    'pickle, marshal, shelve, dill and jsonpickle run code that the data names.',
    'Exchange JSON.',
  ),
  rule(
    'CODE-YAML-LOAD',
    'error',
    'YAML is read without constructing objects',
    'yaml.load with its own or a full loader makes any Python object the text names.',
    'yaml.safe_load, or Loader=yaml.SafeLoader.',
  ),
  rule(
    'CODE-SHELL',
    'error',
    'No shell sees foreign text',
    'A shell takes quotes, semicolons and dollar signs of the text for commands.',
    'subprocess.run([...]) or execFile with a list of arguments.',
  ),
  rule(
    'CODE-TLS-OFF',
    'error',
    'TLS certificates are verified',
    'Without it anybody on the way reads the credentials and writes the events.',
    'Leave verification on; give an own certificate authority by name where there is one.',
  ),
  rule(
    'CODE-LOG-PAYLOAD',
    'error',
    'No event payload is logged',
    'Payloads hold personal data and at times credentials; logs are read by more people and kept longer.',
    'Log a static message with fields: ids, counts, sizes.',
  ),
  rule(
    'CODE-LOG-SECRET',
    'error',
    'No secret is logged',
    'Logs are read by more people than the secret, and kept.',
    'Log the name of the secret, never its value.',
  ),
  rule(
    'CODE-PLAIN-TEXT-SECRET',
    'warning',
    'No secret goes into a template',
    'unsafePlainText puts the value into the template, which everybody with read access to the stack sees.',
    'SecretValue.secretsManager(name).',
  ),
  rule(
    'CODE-UNPARSED',
    'error',
    'Code can be read',
    'What does not parse cannot run, and cannot be checked.',
    'Correct the syntax error.',
  ),
  rule(
    'CODE-NOT-CHECKED',
    'not-checked',
    'Python code is looked at',
    'Without a Python nobody has looked at the processors.',
    'Install Python 3.11 or newer, then run the scan again.',
  ),
  rule(
    'CODE-ALLOW-REASON',
    'error',
    'Whoever allows dangerous code says why',
    'In a year nobody knows whether it was harmless.',
    'Write the reason behind it: slake-allow-code: <reason>. Without one, nothing is allowed.',
  ),
] as const satisfies readonly Rule[];
