// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import {
  all,
  any,
  choose,
  compute,
  contains,
  type Expression,
  from,
  has,
  not,
  type Path,
  remembered,
  trimmed,
} from 'slake/contract';
import { mayBeId, resourceGroup, resourceType } from './azure-resource.ts';

const DETAILS = 'properties.resourceDetails';
const MACHINE_NAMES = [`${DETAILS}.machineName`, `${DETAILS}.MachineName`] as const;
const MACHINE_IDS = [
  `${DETAILS}.vmuuid`,
  `${DETAILS}.Vmuuid`,
  `${DETAILS}.sourceComputerId`,
  `${DETAILS}.SourceComputerId`,
] as const;

/** Where the id of the judged resource stands, or begins. */
export const JUDGED = [`${DETAILS}.id`, `${DETAILS}.Id`, 'id'] as const;

/** A machine outside of any cloud (`OnPremise`, `OnPremiseSql`): it has ids of its own. */
const isMachine = all(
  any(contains(`${DETAILS}.source`, 'OnPremise'), contains(`${DETAILS}.Source`, 'OnPremise')),
  any(...[...MACHINE_NAMES, ...MACHINE_IDS].map((path) => has(path))),
);

/**
 * The resource that a recommendation was judged for: of Azure, of another cloud, or a machine. All attributes are of the
 * one id that `uid` holds; type and group are those of Azure, which the others have none of.
 * @see https://learn.microsoft.com/rest/api/defenderforcloud-composite/assessments/get#azureresourcedetails
 */
export const judgedResource = {
  uid: choose<string>(isMachine, from(MACHINE_IDS), ofJudged(idIn)),
  name: choose<string>(isMachine, from(MACHINE_NAMES), ofJudged(lastSegment)),
  type: choose<string>(
    not(isMachine),
    ofJudged((id, finding) => resourceType(azureId(id, finding))),
  ),
  group: {
    name: choose<string>(
      not(isMachine),
      ofJudged((id, finding) => resourceGroup(azureId(id, finding))),
    ),
  },
} as const;

/** What `read` finds in the id of the judged resource; it is given the finding's own id too. */
function ofJudged(read: (id: unknown, finding: unknown) => string | undefined): Expression<string> {
  const [lower, upper, own] = JUDGED;
  const at = (path: Path) => compute([path, own], read);
  return choose<string>(has(lower), at(lower), choose<string>(has(upper), at(upper), at(own)));
}

function idIn(value: unknown): string | undefined {
  return mayBeId(value) ? idInText(value) : undefined;
}

/** The id of a finding begins with that of the resource, if it is one of a resource. */
const idInText = remembered(
  (text) => trimmed(text)?.replace(/\/providers\/Microsoft\.Security\/assessments\/.*$/is, '') || undefined,
);

/** Of `/subscriptions/.../web-01` or `arn:aws:s3:::logs`. */
function lastSegment(value: unknown): string | undefined {
  const id = idIn(value);
  return id?.split(id.includes('/') ? '/' : ':').findLast((segment) => segment !== '');
}

/** An image in a registry is no Azure resource by itself: the id of the finding begins with that of the registry. */
function azureId(id: unknown, finding: unknown): string | undefined {
  const judged = idIn(id);
  return judged?.startsWith('/repositories/') ? idIn(finding) : judged;
}
