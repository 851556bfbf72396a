// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Something a security check would object to, and why it stays. */
export interface Acknowledgement {
  /** What a check calls it: `S3_ACCESS_LOGGING`, `RESOURCE_WILDCARD`. */
  readonly code: string;
  /** The exact value, so that the acknowledgement covers nothing added later. */
  readonly value: string;
  readonly reason: string;
}

/** Metadata key under which acknowledgements stand in the template. */
export const ACKNOWLEDGED = 'slake:acknowledged';

/** Writes acknowledgements to the resource's metadata, where they are seen in the template and by the checks. */
export function acknowledge(construct: IConstruct, ...acknowledgements: readonly Acknowledgement[]): void {
  const resource = construct instanceof CfnResource ? construct : construct.node.defaultChild;
  if (acknowledgements.length === 0) return;
  if (!(resource instanceof CfnResource)) throw new Error(`${construct.node.path} has no resource to acknowledge on`);
  const earlier = (resource.getMetadata(ACKNOWLEDGED) as readonly Acknowledgement[] | undefined) ?? [];
  resource.addMetadata(ACKNOWLEDGED, [...earlier, ...acknowledgements]);
}
