// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from 'node:url';
import { askPython } from '../../ask-python.ts';
import { QUIET, RESOURCES, TRANSFERS, WAITERS } from './boto3.ts';
import type { Arguments, Language, Outcome, Target, Use } from './language.ts';
import { powertoolsUses } from './powertools.ts';
import type { FileTree } from './tree.ts';
import { type AwsValue, type Value, Values } from './value.ts';

const SCRIPT = fileURLToPath(new URL('python_tree.py', import.meta.url));
const PATIENCE_MS = 60_000;

/** Reads Python files with Python's own parser; or says why it could not. */
export function pythonTrees(
  sources: readonly { readonly file: string; readonly text: string }[],
  pythons: readonly string[],
): readonly FileTree[] | { readonly notChecked: string } {
  const asked = askPython<readonly FileTree[]>(SCRIPT, sources, { pythons, patienceMs: PATIENCE_MS });
  return 'answer' in asked ? asked.answer : asked;
}

const SESSION = /^(?:aio)?(?:boto3\.(?:session\.)?Session|botocore\.session\.(?:Session|get_session))$/;
const MAKES_CLIENT =
  /^(?:(?:aio)?boto3\.(?:DEFAULT_SESSION\.)?|(?:aio)?(?:boto3\.(?:session\.)?Session|botocore\.session\.(?:Session|get_session))\((?<other>other)?\)\.)(?<what>client|resource|create_client)$/;
const POWERTOOLS =
  /^aws_lambda_powertools\.utilities\.(?:parameters|idempotency|feature_flags|streaming)\.(?:\w+\.)*(\w+)(?:\(\)\.(\w+))?$/;
/** Libraries that call AWS in their own way. */
const OTHER_LIBRARIES = /^(awswrangler|s3fs|smart_open|pyathena|pynamodb|aiohttp_s3_client|cloudpathlib)\b/;
const SIGNERS = /(?:^|\.)(?:SigV4Auth|S3SigV4Auth|AWS4Auth|AWSV4SignerAuth|AWSV4SignerAsyncAuth|BotoAWSRequestsAuth)$/;
/** Give what they are given. */
const PASS =
  /^(?:builtins\.(?:list|tuple|set|dict|zip|iter|next|enumerate|sorted|reversed|filter)|contextlib\.(?:closing|aclosing)|copy\.(?:copy|deepcopy)|typing\.cast|(?:weakref|asyncio)\.\w+)$/;
const KEYS = ['aws_access_key_id', 'aws_secret_access_key', 'aws_session_token', 'profile_name'];

/**
 * Python with boto3 and Powertools.
 *
 * @param files the files of the program, by path
 * @param roots folders, with slashes, in which imports are looked for; the first that has it counts
 */
export function pythonLanguage(files: ReadonlyMap<string, FileTree>, roots: readonly string[]): Language {
  const found = (path: string) => [`${path}.py`, `${path}/__init__.py`].find((file) => files.has(file));

  function resolve(from: string, module: string, member: string | undefined, runs: (file: string) => void): Target {
    const dots = /^\.*/.exec(module)?.[0].length ?? 0;
    const parts = module.slice(dots).split('.').filter(Boolean);
    const folder = from.split('/').slice(0, -dots || undefined);
    const bases = dots > 0 ? [folder.join('/')] : roots;
    for (const base of bases) {
      for (let at = 1; at < parts.length; at++) {
        const around = found([base, ...parts.slice(0, at)].filter(Boolean).join('/'));
        if (around?.endsWith('__init__.py')) runs(around);
      }
      const path = [base, ...parts].filter(Boolean).join('/');
      const file = found(path);
      const below = member === undefined ? undefined : found(`${path}/${member}`);
      if (below) {
        if (file) runs(file);
        const named = file !== undefined && files.get(file)?.names.includes(member ?? '');
        if (!named) return { file: below };
      }
      if (file) return member === undefined ? { file } : { file, member };
    }
    return { path: [module, ...(member === undefined ? [] : [member])].join('.') };
  }

  return {
    resolve,
    memberPath: (path, name) => `${path}.${name}`,
    follows: (path) => /^(?:(?:aio)?boto3|(?:aio)?botocore|aws_lambda_powertools|aws_xray_sdk)\b/.test(path),
    global: (name) => `builtins.${name}`,
    call,
    method,
    attribute: (of, name) => {
      if (name === 'meta' || name === 'client') return name === 'client' ? clientOf(of) : of;
      const gives = of.t === 'resource' ? /^>(\w+)$/.exec(RESOURCES[of.kind]?.[name] ?? '') : null;
      return of.t === 'resource' && gives ? { ...of, kind: `${of.service}.${gives[1]}` } : undefined;
    },
    typed: (path) => {
      const stub = /^(?:mypy_boto3|types_(?:aio)?boto3)_(\w+)\.(?:\w+\.)*(\w+?)(Client|ServiceResource)?$/.exec(path);
      if (!stub) return undefined;
      const service = (stub[1] ?? '').replaceAll('_', '-');
      if (stub[3] === 'Client') return { t: 'client', service, foreign: false };
      const kind = stub[3] ? `${service}.` : `${service}.${stub[2]}`;
      return RESOURCES[kind] ? { t: 'resource', service, kind, foreign: false } : undefined;
    },
  };
}

function clientOf({ service, foreign }: AwsValue): Value {
  return { t: 'client', service, foreign };
}

function call(path: string, given: Arguments): Outcome | undefined {
  if (SESSION.test(path)) return { values: [{ t: 'external', path: `${path}(${isForeign(given) ? 'other' : ''})` }] };
  const maker = MAKES_CLIENT.exec(path);
  if (maker) {
    const names = ((given.args[0] ?? given.named.service_name)?.texts ?? []).filter(Boolean);
    if (names.length === 0) return { unclear: 'the name of the service is computed' };
    const foreign = maker.groups?.other !== undefined || isForeign(given);
    const resource = maker.groups?.what === 'resource';
    return {
      values: names.map((service) =>
        resource ? { t: 'resource', service, kind: `${service}.`, foreign } : { t: 'client', service, foreign },
      ),
    };
  }
  if (PASS.test(path)) return { values: Values.union(...given.args, given.rest) };
  if (path === 'functools.partial') return { values: given.args[0] ?? [] };
  const powertools = POWERTOOLS.exec(path);
  if (powertools) {
    const [, name = '', member] = powertools;
    const uses = powertoolsUses(member ? `${name}.${member}` : name);
    return { uses, values: [{ t: 'external', path: `${path}()` }] };
  }
  if (SIGNERS.test(path)) return { unclear: 'requests are signed by hand', values: [] };
  if (OTHER_LIBRARIES.test(path)) return { unclear: `${path} calls AWS in its own way`, values: [] };
  return undefined;
}

function isForeign({ named }: Arguments): boolean {
  return KEYS.some((key) => key in named);
}

function method(of: AwsValue, name: string, given: Arguments): Outcome {
  const use = (operation: string): Use => ({ service: of.service, operation, foreign: of.foreign });
  if (of.t === 'resource') return resourceMethod(of, name, use);
  const named = (key: string) => (given.args[0] ?? given.named[key])?.texts ?? [];
  switch (name) {
    case 'get_paginator': {
      const operations = named('operation_name');
      if (operations.length === 0) return { unclear: `the name of the operation of ${of.service} is computed` };
      return { uses: operations.map(use), values: [{ t: 'external', path: 'botocore.paginate.Paginator()' }] };
    }
    case 'get_waiter': {
      const waiters = named('waiter_name');
      const operations = waiters.flatMap((waiter) => waitsFor(of.service, waiter) ?? []);
      if (operations.length === 0) return { unclear: `what a waiter of ${of.service} asks is not known` };
      return { uses: operations.map(use), values: [{ t: 'external', path: 'botocore.waiter.Waiter()' }] };
    }
    case 'generate_presigned_url': {
      const operations = named('ClientMethod');
      if (operations.length === 0) return { unclear: `the name of the operation of ${of.service} is computed` };
      return { uses: operations.map(use) };
    }
    case 'generate_presigned_post':
      return { uses: [use('PutObject')] };
    case '__enter__':
    case '__aenter__':
      return { values: [of] };
    default: {
      if (QUIET.test(name) || name.startsWith('__')) return {};
      const transfer = of.service === 's3' ? TRANSFERS[name] : undefined;
      return { uses: [use(transfer ?? name)], values: [{ t: 'external', path: 'botocore.response()' }] };
    }
  }
}

function resourceMethod(
  of: Extract<AwsValue, { t: 'resource' }>,
  name: string,
  use: (operation: string) => Use,
): Outcome {
  const known = RESOURCES[of.kind]?.[name];
  if (known === undefined) {
    if (QUIET.test(name) || name.startsWith('__') || name === 'get_available_subresources') return {};
    return { uses: [use(name)] };
  }
  const [operations = '', gives] = known.split('>');
  return {
    uses: operations.split(' ').filter(Boolean).map(use),
    ...(gives ? { values: [{ ...of, kind: `${of.service}.${gives}` }] } : {}),
  };
}

/** The operation that a waiter repeats. */
export function waitsFor(service: string, waiter: string): string | undefined {
  return WAITERS[`${service} ${waiter.replaceAll('_', '').toLowerCase()}`];
}
