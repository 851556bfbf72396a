// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { entropy } from '../entropy.ts';
import { defineSecretKind } from '../kind.ts';

const PREFIXES = [
  'glpat-[A-Za-z0-9_-]{20,60}',
  'sk_live_[A-Za-z0-9]{20,120}',
  'rk_live_[A-Za-z0-9]{20,120}',
  'sk-(?:ant-|proj-|or-)?[A-Za-z0-9_-]{32,200}',
  String.raw`SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{30,60}`,
  'hv[sbr]\\.[A-Za-z0-9_-]{24,200}',
  'dapi[0-9a-f]{32}',
  'do[opr]_v1_[0-9a-f]{64}',
  'dckr_pat_[A-Za-z0-9_-]{20,60}',
  'hf_[A-Za-z0-9]{30,40}',
  'lin_api_[A-Za-z0-9]{32,48}',
  'shpat_[0-9a-f]{32}',
  'NRAK-[A-Z0-9]{27}',
  'ATATT3[A-Za-z0-9_=-]{100,250}',
  'rubygems_[0-9a-f]{48}',
];

/** Tokens whose issuer gave them a prefix, so that scanners find them. */
export const kind = defineSecretKind({
  code: 'SECRET-PREFIXED-TOKEN',
  title: 'Token of a service, known by its prefix',
  why: 'It acts at that service as its owner.',
  rotate: 'Revoke it at the service that issued it, make a new one and store it in Secrets Manager.',
  rank: 78,
  patterns: PREFIXES.map((prefix) => ({
    expression: new RegExp(String.raw`(?<![A-Za-z0-9_]|[A-Za-z0-9_]-)(?<secret>${prefix})(?![A-Za-z0-9])`, 'g'),
    verify: (secret) => /\d/.test(secret) && entropy(secret) > 3,
  })),
});
