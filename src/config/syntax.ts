// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import type { ErrorCode } from 'yaml';

interface Explanation {
  readonly what: string;
  readonly remedy: string;
}

const explanations: Partial<Record<ErrorCode, Explanation>> = {
  TAB_AS_INDENT: { what: 'a tab stands in the indentation', remedy: 'YAML is indented with spaces' },
  BAD_INDENT: {
    what: 'the indentation fits no line above',
    remedy: 'keys of one group start in the same column',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    what: 'a second key stands where a value is expected',
    remedy: 'put a value that holds a colon in quotes, or indent the lines below as a group',
  },
  MULTILINE_IMPLICIT_KEY: {
    what: 'a key reaches over more than one line',
    remedy: 'is a colon missing, or the line above indented too little?',
  },
  MISSING_CHAR: { what: 'a colon, a quote or a bracket is missing', remedy: 'compare with the lines above' },
  UNEXPECTED_TOKEN: { what: 'something stands here that YAML does not expect', remedy: 'put the value in quotes' },
  BAD_DQ_ESCAPE: {
    what: 'a backslash in double quotes starts an escape that does not exist',
    remedy: 'use single quotes, in which a backslash is a backslash',
  },
  BAD_SCALAR_START: { what: 'a value cannot start with this character', remedy: 'put the value in quotes' },
  BLOCK_IN_FLOW: { what: 'an indented group stands inside brackets', remedy: 'write it in brackets too, or without' },
  BAD_ALIAS: { what: 'the alias (*name) names no anchor (&name) above it', remedy: 'write the value out' },
  MULTIPLE_ANCHORS: { what: 'a value has two anchors', remedy: 'keep one' },
  MULTIPLE_DOCS: { what: 'a second document starts here', remedy: 'one file holds one configuration: remove the ---' },
  MULTIPLE_TAGS: { what: 'a value has two tags', remedy: 'remove the tags (!name)' },
  TAG_RESOLVE_FAILED: { what: 'a tag (!name) is not known', remedy: 'remove it; text needs at most quotes' },
  BAD_DIRECTIVE: { what: 'a % line at the top is not understood', remedy: 'remove it' },
  KEY_OVER_1024_CHARS: { what: 'a key is longer than 1024 characters', remedy: 'is a quote missing?' },
  RESOURCE_EXHAUSTION: { what: 'the nesting is too deep', remedy: 'no key of the configuration lies deeper than ten' },
};

const unclosed: Explanation = {
  what: 'a list or group in brackets is not closed, or a line of it starts too far left',
  remedy: 'close it with ] or }; its lines are indented more than the key it belongs to',
};

/**
 * What the parser met, in plain words and without the text of the file (which may hold secrets).
 *
 * @param message of the parser, which has one code for indentation and brackets
 */
export function explainSyntax(code: ErrorCode, message = ''): Explanation {
  if (code === 'BAD_INDENT' && message.startsWith('Flow ')) return unclosed;
  return explanations[code] ?? { what: `this is not YAML (${code})`, remedy: 'compare with config.example.yaml' };
}
