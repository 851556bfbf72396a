// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { type ParseResult, parse } from '@babel/parser';
import type { Source } from '../files/read-source.ts';
import type { CodeFinding } from './scan-code.ts';

/** A node of the syntax tree, as far as every node goes. */
interface Node {
  readonly type: string;
  readonly loc?: { readonly start: { readonly line: number; readonly column: number } } | null;
  readonly [member: string]: unknown;
}

const PLUGINS = ['typescript', 'decorators'] as const;
const SHELLS = /^(?:child_process\.|cp\.)?(?:exec|execSync)$/;
const LOG = /(?:^|\.)(?:console|log|logger)\.(?:debug|info|warn|error|log|trace|critical|appendKeys)$/i;
const PAYLOAD = /^(?:event|events|payload|body|rawEvent|records?|messages?|response|item|items|alerts?)$/;
const SECRET =
  /(?:secret|password|token|apiKey|accessKey|clientSecret|connectionString|credentials?|privateKey)(?:Value|String)?$/i;
const TLS_OFF = /^(?:rejectUnauthorized|strictSSL|strictSsl|checkServerIdentity)$/;

/** Looks at a TypeScript or JavaScript file. */
export function scanTypeScript({ file, text = '' }: Source): CodeFinding[] {
  let tree: ParseResult;
  try {
    tree = parse(text, {
      sourceType: 'module',
      errorRecovery: false,
      allowReturnOutsideFunction: true,
      plugins: [...PLUGINS, ...(/x$/.test(file) ? (['jsx'] as const) : [])],
    });
  } catch (error) {
    const { line = 1, column = 0 } = (error as { loc?: { line: number; column: number } }).loc ?? {};
    const why = (error as Error).message.replace(/ \(\d+:\d+\)$/, '');
    return [{ file, code: 'CODE-UNPARSED', line, column: column + 1, message: `no TypeScript: ${why}` }];
  }
  const found: CodeFinding[] = [];
  const shells = shellNames(text);
  walk(tree.program as unknown as Node, (node) => {
    for (const { code, message, at = node } of problemsOf(node, shells)) {
      const { line = 1, column = 0 } = at.loc?.start ?? {};
      found.push({ file, code, line, column: column + 1, message });
    }
  });
  return found;
}

interface Problem {
  readonly code: string;
  readonly message: string;
  readonly at?: Node;
}

function problemsOf(node: Node, shells: ReadonlySet<string>): readonly Problem[] {
  switch (node.type) {
    case 'CallExpression':
    case 'NewExpression':
      return callProblems(node, shells);
    case 'ObjectProperty': {
      const name = nameOf(node.key);
      const value = node.value as Node;
      if (TLS_OFF.test(name) && value.type === 'BooleanLiteral' && value.value === false) {
        return [{ code: 'CODE-TLS-OFF', message: `${name}: false verifies no certificate` }];
      }
      if (name === 'shell' && value.type === 'BooleanLiteral' && value.value === true) {
        return [{ code: 'CODE-SHELL', message: 'shell: true hands a text to a shell' }];
      }
      if (name === 'logEvent' && value.type === 'BooleanLiteral' && value.value === true) {
        return [{ code: 'CODE-LOG-PAYLOAD', message: 'logEvent: true logs the whole event' }];
      }
      return [];
    }
    case 'AssignmentExpression': {
      const target = nameOf(node.left);
      const zero = ['0', 0].includes((node.right as Node).value as string | number);
      return target.endsWith('NODE_TLS_REJECT_UNAUTHORIZED') && zero
        ? [{ code: 'CODE-TLS-OFF', message: 'NODE_TLS_REJECT_UNAUTHORIZED = 0 verifies no certificate' }]
        : [];
    }
    default:
      return [];
  }
}

function callProblems(node: Node, shells: ReadonlySet<string>): readonly Problem[] {
  const name = nameOf(node.callee);
  const args = (node.arguments ?? []) as readonly Node[];
  const first = args[0];
  if (name === 'eval' || name === 'Function' || /^(?:vm\.)?runIn(?:This|New)?Context$/.test(name)) {
    return [{ code: 'CODE-EVAL', message: `${name} runs a text as code` }];
  }
  if (/^(?:setTimeout|setInterval)$/.test(name) && first?.type === 'StringLiteral') {
    return [{ code: 'CODE-EVAL', message: `${name} with a text runs it as code` }];
  }
  if (SHELLS.test(name) && (name.includes('.') || shells.has(name))) {
    return [{ code: 'CODE-SHELL', message: `${name} hands a text to a shell` }];
  }
  if (name.endsWith('unsafePlainText')) {
    const literal = first?.type === 'StringLiteral';
    return literal
      ? []
      : [{ code: 'CODE-PLAIN-TEXT-SECRET', message: 'unsafePlainText puts a secret into the template' }];
  }
  if (!LOG.test(name)) return [];
  return args.flatMap(logged).flatMap(({ at, what }): Problem[] => {
    if (SECRET.test(what)) return [{ code: 'CODE-LOG-SECRET', message: `${what} is logged`, at }];
    if (PAYLOAD.test(what)) {
      return [{ code: 'CODE-LOG-PAYLOAD', message: `${what} is logged, with all that is in it`, at }];
    }
    return [];
  });
}

/** Names of the values whose text would be logged. */
function logged(node: Node): { at: Node; what: string }[] {
  switch (node.type) {
    case 'Identifier':
      return [{ at: node, what: node.name as string }];
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return node.computed ? logged(node.object as Node) : [{ at: node, what: nameOf(node.property) }];
    case 'TemplateLiteral':
      return (node.expressions as readonly Node[]).flatMap(logged);
    case 'BinaryExpression':
      return node.operator === '+' ? [node.left, node.right].flatMap((side) => logged(side as Node)) : [];
    case 'ObjectExpression':
      return (node.properties as readonly Node[]).flatMap((property) =>
        logged((property.type === 'SpreadElement' ? property.argument : property.value) as Node),
      );
    case 'SpreadElement':
    case 'AwaitExpression':
      return logged(node.argument as Node);
    case 'TSAsExpression':
    case 'TSNonNullExpression':
      return logged(node.expression as Node);
    case 'CallExpression':
      return /(?:^|\.)(?:stringify|String|inspect|toString)$/.test(nameOf(node.callee))
        ? (node.arguments as readonly Node[]).flatMap(logged)
        : [];
    default:
      return [];
  }
}

/** Names under which a file imports functions that start a shell; a method `exec` of a pattern is none. */
function shellNames(text: string): ReadonlySet<string> {
  const imports =
    /import\s*\{([^}]*)\}\s*from\s*['"](?:node:)?child_process['"]|\{([^}]*)\}\s*=\s*require\(['"](?:node:)?child_process['"]\)/g;
  const names = [...text.matchAll(imports)].flatMap((match) => (match[1] ?? match[2] ?? '').split(','));
  return new Set(names.map((name) => name.trim()).filter((name) => name === 'exec' || name === 'execSync'));
}

function nameOf(value: unknown): string {
  const node = value as Node | undefined;
  if (!node) return '';
  if (node.type === 'Identifier' || node.type === 'JSXIdentifier') return node.name as string;
  if (node.type === 'StringLiteral') return node.value as string;
  if (node.type === 'ThisExpression') return 'this';
  if (node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression') {
    return `${nameOf(node.object)}.${nameOf(node.property)}`;
  }
  return '';
}

/** Every node, without recursion: a hostile file nests as deep as it likes. */
function walk(root: Node, visit: (node: Node) => void): void {
  const open: Node[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    visit(node);
    const children: Node[] = [];
    for (const [name, member] of Object.entries(node)) {
      if (name === 'loc' || name.endsWith('Comments')) continue;
      for (const child of Array.isArray(member) ? member : [member]) if (isNode(child)) children.push(child);
    }
    open.push(...children.reverse());
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
