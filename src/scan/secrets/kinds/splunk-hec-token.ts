// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { assignedToAny } from '../assignment.ts';
import { distinctCharacters } from '../entropy.ts';
import { defineSecretKind } from '../kind.ts';

const UUID = String.raw`[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Za-z-])`;
const isToken = (secret: string) => distinctCharacters(secret) > 6;

/** A UUID: only its surroundings tell it from any other. */
export const kind = defineSecretKind({
  code: 'SECRET-SPLUNK-HEC-TOKEN',
  title: 'Token of a Splunk HTTP event collector',
  why: 'Whoever has it can write events into the index.',
  rotate: 'Delete the token under Data inputs > HTTP Event Collector, make a new one, store it as a secret.',
  rank: 70,
  patterns: [
    { expression: new RegExp(String.raw`\bSplunk[\s:]{1,3}(?<secret>${UUID})`, 'gi'), verify: isToken },
    {
      expression: assignedToAny(String.raw`(?:splunk|hec)[\w.-]{0,30}`, UUID),
      verify: (secret, { before }) =>
        isToken(secret) && !/(?:id|uuid|guid|channel|index|app)["'\s:=]{1,8}$/i.test(before),
    },
    {
      expression: assignedToAny(String.raw`token`, UUID),
      verify: (secret, { around }) => isToken(secret) && /splunk|\bhec\b|services\/collector/i.test(around),
    },
  ],
});
