// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { parse } from '@babel/parser';
import { at, children, isNode, keyOf, type Node, nameOf, namesIn, nodes, textOf } from './syntax-node.ts';
import type { Definition, Expression, FileTree, Parameter, Step } from './tree.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

interface Scope {
  readonly within?: string;
  readonly body: Step[];
  readonly names: Set<string>;
}

/** Reduces a TypeScript or JavaScript file to what `tree.ts` describes. */
export function typescriptTree({ file, text }: { readonly file: string; readonly text: string }): FileTree {
  try {
    const { program } = parse(text, {
      sourceType: 'module',
      allowReturnOutsideFunction: true,
      plugins: ['typescript', 'decorators', ...(/x$/.test(file) ? (['jsx'] as const) : [])],
    });
    return new Reader(file).tree(program as unknown as Node);
  } catch (error) {
    const { line = 1, column = 0 } = (error as { loc?: { line: number; column: number } }).loc ?? {};
    const message = (error as Error).message.replace(/ \(\d+:\d+\)$/, '');
    return { file, body: [], names: [], definitions: [], unparsed: { message, at: [line, column + 1] } };
  }
}

class Reader {
  private readonly file: string;
  private readonly definitions: Definition[] = [];
  private scope: Scope = { body: [], names: new Set() };
  private counter = 0;

  constructor(file: string) {
    this.file = file;
  }

  tree(program: Node): FileTree {
    for (const statement of nodes(program.body)) this.step(statement);
    const { body, names } = this.scope;
    return { file: this.file, body, names: [...names], definitions: this.definitions };
  }

  // Statements

  private step(node: Node): void {
    switch (node.type) {
      case 'ImportDeclaration':
        this.imports(node);
        return;
      case 'ExportNamedDeclaration':
        this.exports(node);
        return;
      case 'ExportAllDeclaration':
        this.scope.body.push({ k: 'import', name: '*', module: textOf(node.source), member: '*' });
        return;
      case 'ExportDefaultDeclaration': {
        const declared = node.declaration as Node;
        this.scope.names.add('default');
        const isNamed = /Declaration$/.test(declared.type) && isNode(declared.id);
        if (isNamed) this.step(declared);
        const value = isNamed ? name(nameOf(declared.id)) : this.expression(declared);
        this.scope.body.push({ k: 'set', to: name('default'), value });
        return;
      }
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        if (node.declare === true) return;
        this.set(node.id as Node, this.expression(node));
        return;
      case 'VariableDeclaration':
        for (const { id, init } of nodes(node.declarations)) {
          if (isNode(init)) this.set(id as Node, this.expression(init));
          else for (const each of namesIn(id as Node)) this.scope.names.add(each);
        }
        return;
      case 'ExpressionStatement':
        this.scope.body.push({ k: 'do', value: this.expression(node.expression as Node) });
        return;
      case 'ReturnStatement':
        if (isNode(node.argument)) this.scope.body.push({ k: 'give', value: this.expression(node.argument) });
        return;
      case 'ForOfStatement':
      case 'ForInStatement': {
        const left = node.left as Node;
        const target = left.type === 'VariableDeclaration' ? (nodes(left.declarations)[0]?.id as Node) : left;
        this.set(target, this.expression(node.right as Node));
        this.step(node.body as Node);
        return;
      }
      case 'CatchClause':
        for (const each of isNode(node.param) ? namesIn(node.param) : []) this.scope.names.add(each);
        this.step(node.body as Node);
        return;
      default:
        if (node.type.startsWith('TS') || node.type.startsWith('Type')) return;
        for (const child of children(node)) {
          if (/Statement$|Declaration$|^SwitchCase$|^CatchClause$|^StaticBlock$/.test(child.type)) this.step(child);
          else this.scope.body.push({ k: 'do', value: this.expression(child) });
        }
    }
  }

  private imports(node: Node): void {
    const module = textOf(node.source);
    const ofTypes = node.importKind === 'type';
    const specifiers = nodes(node.specifiers);
    if (specifiers.length === 0) this.scope.body.push({ k: 'import', name: '', module });
    for (const specifier of specifiers) {
      const isType = ofTypes || specifier.importKind === 'type';
      // Types of the program are gone when it runs, and their file is not run for them.
      if (isType && /^[./]/.test(module)) continue;
      const local = nameOf(specifier.local);
      this.scope.names.add(local);
      const member =
        specifier.type === 'ImportNamespaceSpecifier'
          ? undefined
          : specifier.type === 'ImportDefaultSpecifier'
            ? 'default'
            : nameOf(specifier.imported);
      this.scope.body.push({ k: 'import', name: local, module, ...(member === undefined ? {} : { member }) });
    }
  }

  private exports(node: Node): void {
    if (node.exportKind === 'type') return;
    if (isNode(node.declaration)) this.step(node.declaration);
    for (const { local, exported, exportKind } of nodes(node.specifiers)) {
      if (exportKind === 'type') continue;
      const as = nameOf(exported);
      this.scope.names.add(as);
      if (isNode(node.source)) {
        this.scope.body.push({ k: 'import', name: as, module: textOf(node.source), member: nameOf(local) });
      } else if (as !== nameOf(local)) {
        this.scope.body.push({ k: 'set', to: name(as), value: name(nameOf(local)) });
      }
    }
  }

  /** Assigns to a pattern. */
  private set(target: Node, value: Expression): void {
    switch (target.type) {
      case 'ObjectPattern':
      case 'ArrayPattern': {
        const from = this.named(value);
        for (const part of nodes(target.type === 'ObjectPattern' ? target.properties : target.elements)) {
          if (part.type !== 'ObjectProperty') this.set(part, from);
          else if (part.computed === true) this.set(part.value as Node, from);
          else this.set(part.value as Node, { k: 'attr', of: from, name: keyOf(part.key) });
        }
        return;
      }
      case 'AssignmentPattern':
        this.set(target.left as Node, { k: 'some', of: [value, this.expression(target.right as Node)] });
        return;
      case 'RestElement':
        this.set(target.argument as Node, value);
        return;
      case 'Identifier':
        this.scope.names.add(nameOf(target));
        this.scope.body.push({ k: 'set', to: name(nameOf(target)), value });
        return;
      default:
        this.scope.body.push({ k: 'set', to: this.expression(target), value });
    }
  }

  /** A name for a value, so that it is evaluated once. */
  private named(value: Expression): Expression {
    if (value.k === 'name') return value;
    this.counter += 1;
    const made = `$${this.counter}`;
    this.scope.names.add(made);
    this.scope.body.push({ k: 'set', to: name(made), value });
    return name(made);
  }

  // Expressions

  private expression(node: Node): Expression {
    switch (node.type) {
      case 'Identifier':
        return name(nameOf(node));
      case 'ThisExpression':
        return name('this');
      case 'Super':
        return name('super');
      case 'StringLiteral':
        return { k: 'text', value: String(node.value) };
      case 'TemplateLiteral': {
        const parts = nodes(node.expressions);
        const [only] = nodes(node.quasis);
        if (parts.length > 0) return { k: 'other', of: parts.map((part) => this.expression(part)) };
        return { k: 'text', value: (only?.value as { cooked?: string } | undefined)?.cooked ?? '' };
      }
      case 'MemberExpression':
      case 'OptionalMemberExpression': {
        const of = this.expression(node.object as Node);
        if (node.computed !== true) return { k: 'attr', of, name: keyOf(node.property) };
        return { k: 'item', of, key: this.expression(node.property as Node), at: at(node) };
      }
      case 'CallExpression':
      case 'OptionalCallExpression':
      case 'NewExpression':
        return this.call(node);
      case 'ImportExpression':
        return isNode(node.source) && node.source.type === 'StringLiteral'
          ? this.imported(textOf(node.source), node)
          : { k: 'other', of: [] };
      case 'ObjectExpression':
        return this.object(node);
      case 'ArrayExpression':
        return { k: 'some', of: nodes(node.elements).map((part) => this.expression(part)) };
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
      case 'FunctionDeclaration':
      case 'ObjectMethod':
        return this.function(
          node,
          isNode(node.id) ? nameOf(node.id) : isNode(node.key) ? keyOf(node.key) : '',
          'plain',
        );
      case 'ClassExpression':
      case 'ClassDeclaration':
        return this.class(node);
      case 'ConditionalExpression':
        this.scope.body.push({ k: 'do', value: this.expression(node.test as Node) });
        return { k: 'some', of: [this.expression(node.consequent as Node), this.expression(node.alternate as Node)] };
      case 'LogicalExpression':
        return { k: 'some', of: [this.expression(node.left as Node), this.expression(node.right as Node)] };
      case 'AwaitExpression':
      case 'SpreadElement':
        return this.expression(node.argument as Node);
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'TSTypeAssertion':
      case 'TSInstantiationExpression':
      case 'ParenthesizedExpression':
      case 'ChainExpression':
        return this.expression(node.expression as Node);
      case 'SequenceExpression': {
        const parts = nodes(node.expressions).map((part) => this.expression(part));
        for (const value of parts.slice(0, -1)) this.scope.body.push({ k: 'do', value });
        return parts.at(-1) ?? { k: 'other', of: [] };
      }
      case 'AssignmentExpression': {
        const value = this.named(this.expression(node.right as Node));
        this.assigned(node.left as Node, value);
        return value;
      }
      case 'YieldExpression':
        if (isNode(node.argument)) this.scope.body.push({ k: 'give', value: this.expression(node.argument) });
        return { k: 'other', of: [] };
      default:
        if (node.type.startsWith('TS')) return { k: 'other', of: [] };
        return { k: 'other', of: children(node).map((part) => this.expression(part)) };
    }
  }

  /** An assignment declares nothing: the name belongs to whatever scope declares it. */
  private assigned(target: Node, value: Expression): void {
    if (target.type === 'Identifier') {
      this.scope.body.push({ k: 'set', to: name(nameOf(target)), value });
    } else this.set(target, value);
  }

  private call(node: Node): Expression {
    const callee = node.callee as Node;
    const given = nodes(node.arguments);
    const [first] = given;
    if (callee.type === 'Identifier' && nameOf(callee) === 'require' && first?.type === 'StringLiteral') {
      return this.imported(textOf(first), node);
    }
    return {
      k: 'call',
      of: this.expression(callee),
      args: given.filter(({ type }) => type !== 'SpreadElement').map((part) => this.expression(part)),
      named: {},
      rest: given.filter(({ type }) => type === 'SpreadElement').map((part) => this.expression(part)),
      at: at(node),
    };
  }

  /** The whole of a module, as `require` and `import()` give it. */
  private imported(module: string, node: Node): Expression {
    const made = `import@${at(node).join(':')}`;
    this.scope.names.add(made);
    this.scope.body.push({ k: 'import', name: made, module });
    return name(made);
  }

  private object(node: Node): Expression {
    const fields: (readonly [string, Expression])[] = [];
    const rest: Expression[] = [];
    for (const part of nodes(node.properties)) {
      if (part.type === 'SpreadElement') rest.push(this.expression(part.argument as Node));
      else {
        const value = part.type === 'ObjectMethod' ? this.expression(part) : this.expression(part.value as Node);
        fields.push([part.computed === true ? '*' : keyOf(part.key), value]);
      }
    }
    return { k: 'object', id: `object@${at(node).join(':')}`, fields, rest };
  }

  // Definitions

  private function(node: Node, called: string, how: Definition['how']): Expression {
    const id = `${called || 'function'}@${at(node).join(':')}`;
    const [outer, inner]: [Scope, Scope] = [this.scope, { within: id, body: [], names: new Set() }];
    this.scope = inner;
    const parameters: Parameter[] = how === 'plain' ? [] : [{ name: 'this' }];
    for (const [index, parameter] of nodes(node.params).entries()) {
      parameters.push(this.parameter(parameter, index));
    }
    for (const parameter of parameters) inner.names.add(parameter.name);
    const body = node.body as Node;
    if (body.type === 'BlockStatement') this.step(body);
    else inner.body.push({ k: 'give', value: this.expression(body) });
    this.scope = outer;
    this.definitions.push({
      id,
      kind: 'function',
      name: called,
      ...(outer.within === undefined ? {} : { within: outer.within }),
      parameters,
      body: inner.body,
      names: [...inner.names],
      bases: [],
      decorators: [],
      how,
      at: at(node),
    });
    return { k: 'def', id };
  }

  private parameter(node: Node, index: number): Parameter {
    switch (node.type) {
      case 'TSParameterProperty': {
        const made = this.parameter(node.parameter as Node, index);
        const to: Expression = { k: 'attr', of: name('this'), name: made.name };
        this.scope.body.push({ k: 'set', to, value: name(made.name) });
        return made;
      }
      case 'AssignmentPattern': {
        const made = this.parameter(node.left as Node, index);
        return { ...made, value: this.expression(node.right as Node) };
      }
      case 'RestElement':
        return { ...this.parameter(node.argument as Node, index), rest: true };
      case 'Identifier':
        return { name: nameOf(node), ...typed(node) };
      default: {
        const made = `$parameter${index}`;
        this.scope.names.add(made);
        this.set(node, name(made));
        return { name: made, ...typed(node) };
      }
    }
  }

  private class(node: Node): Expression {
    const called = isNode(node.id) ? nameOf(node.id) : '';
    const id = `${called || 'class'}@${at(node).join(':')}`;
    const bases = isNode(node.superClass) ? [this.expression(node.superClass)] : [];
    const [outer, inner]: [Scope, Scope] = [this.scope, { within: id, body: [], names: new Set() }];
    this.scope = inner;
    const members = nodes((node.body as Node).body);
    const fields = members.filter(
      ({ type, static: still }) => /^Class(Private)?Property$/.test(type) && still !== true,
    );
    const maker = members.find(({ kind }) => kind === 'constructor');
    if (maker || fields.some(({ value }) => isNode(value))) this.maker(node, maker, fields, bases.length > 0);
    for (const member of members) {
      const key = isNode(member.key) ? keyOf(member.key) : '';
      if (/^Class(Private)?Method$/.test(member.type) && member !== maker && isNode(member.body)) {
        const how = member.static === true ? 'class' : member.kind === 'get' ? 'property' : 'method';
        this.member(key, this.function(member, key, how));
      } else if (/^Class(Private)?Property$/.test(member.type) && member.static === true && isNode(member.value)) {
        this.member(key, this.expression(member.value));
      } else if (member.type === 'StaticBlock') this.step(member);
    }
    this.scope = outer;
    this.definitions.push({
      id,
      kind: 'class',
      name: called,
      ...(outer.within === undefined ? {} : { within: outer.within }),
      parameters: [],
      body: inner.body,
      names: [...inner.names],
      bases,
      decorators: [],
      how: 'plain',
      at: at(node),
    });
    return { k: 'def', id };
  }

  /** The constructor, which first fills the fields; a class that has none hands everything to the one it extends. */
  private maker(node: Node, maker: Node | undefined, fields: readonly Node[], extended: boolean): void {
    const plain = { type: 'BlockStatement', body: [], loc: node.loc } as unknown as Node;
    const written = maker ?? ({ ...node, type: 'ClassMethod', params: [], body: plain } as unknown as Node);
    const made = this.function(written, '__init__', 'method') as { readonly id: string };
    const definition = this.definitions.at(-1) as Writable<Definition>;
    const [outer, inner]: [Scope, Scope] = [
      this.scope,
      { within: made.id, body: [...definition.body], names: new Set(definition.names) },
    ];
    this.scope = inner;
    for (const { key, value } of fields) {
      if (!isNode(value)) continue;
      const to: Expression = { k: 'attr', of: name('this'), name: keyOf(key) };
      inner.body.push({ k: 'set', to, value: this.expression(value) });
    }
    if (!maker && extended) {
      definition.parameters = [...definition.parameters, { name: '$rest', rest: true }];
      inner.names.add('$rest');
      const of = name('super');
      inner.body.push({ k: 'do', value: { k: 'call', of, args: [], named: {}, rest: [name('$rest')], at: at(node) } });
    }
    this.scope = outer;
    definition.body = inner.body;
    definition.names = [...inner.names];
    this.member('__init__', made as Expression);
  }

  private member(key: string, value: Expression): void {
    this.scope.names.add(key);
    this.scope.body.push({ k: 'set', to: name(key), value });
  }
}

function name(text: string): Expression {
  return { k: 'name', name: text };
}

/** The annotation of a parameter, as far as it names something. */
function typed(node: Node): { readonly type?: Expression } {
  const annotation = node.typeAnnotation as Node | undefined;
  const type = annotation && typeOf(annotation.typeAnnotation as Node);
  return type ? { type } : {};
}

function typeOf(node: Node): Expression | undefined {
  if (node.type === 'TSUnionType') {
    return { k: 'some', of: nodes(node.types).flatMap((part) => typeOf(part) ?? []) };
  }
  if (node.type !== 'TSTypeReference') return undefined;
  const named = node.typeName as Node;
  if (named.type === 'Identifier') return name(nameOf(named));
  return { k: 'attr', of: name(nameOf(named.left)), name: nameOf(named.right) };
}
