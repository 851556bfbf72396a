// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { isRecord, type PolicyDocument, type PolicyKind, policyDocument } from './document.ts';
import { resolveIntrinsics, type TemplateResource } from './intrinsics.ts';
import { type Pattern, unknown } from './pattern.ts';

export interface AttachedPolicy {
  readonly kind: PolicyKind;
  /** Where the document stands, from the root of the template. */
  readonly path: readonly (string | number)[];
  readonly document: PolicyDocument;
}

/** A resource of a template with all policies that count for it. */
export interface PolicyHolder {
  readonly logicalId: string;
  readonly type: string;
  /** The CDK construct path, or the logical id where the template has none. */
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly policies: readonly AttachedPolicy[];
  /** ARNs of managed policies, whose content is elsewhere. */
  readonly managed: readonly Pattern[];
}

const IDENTITIES: Readonly<Record<string, string>> = {
  'AWS::IAM::Role': 'Roles',
  'AWS::IAM::User': 'Users',
  'AWS::IAM::Group': 'Groups',
};
/** Property that holds the resource policy, by type. */
const RESOURCE_POLICY: Readonly<Record<string, string>> = {
  'AWS::ECR::Repository': 'RepositoryPolicyText',
  'AWS::IoT::Policy': 'PolicyDocument',
  'AWS::KMS::Key': 'KeyPolicy',
  'AWS::Lambda::LayerVersionPermission': 'PolicyDocument',
  'AWS::S3::BucketPolicy': 'PolicyDocument',
  'AWS::SNS::TopicPolicy': 'PolicyDocument',
  'AWS::SQS::QueuePolicy': 'PolicyDocument',
  'AWS::SecretsManager::ResourcePolicy': 'ResourcePolicy',
  'AWS::Events::EventBusPolicy': 'Statement',
};

/** Whether a value looks like a template of CloudFormation. */
export function isTemplate(value: unknown): boolean {
  return isRecord(value) && isRecord(value.Resources);
}

/** Everything in a template that holds policies; policies that stand apart are counted to the roles they name. */
export function policyHolders(template: unknown): PolicyHolder[] {
  const resources: Record<string, TemplateResource> = {};
  if (isRecord(template) && isRecord(template.Resources)) {
    for (const [id, resource] of Object.entries(template.Resources)) if (isRecord(resource)) resources[id] = resource;
  }
  const holders = Object.entries(resources).map(([id, resource]) => holder(id, resource, resources));
  const apart = new Set<string>();
  const joined = holders.map((target) => {
    const list = IDENTITIES[target.type];
    if (!list) return target;
    const more = holders.filter(
      ({ type, properties }) =>
        (type === 'AWS::IAM::Policy' || type === 'AWS::IAM::ManagedPolicy') &&
        [properties[list]].flat().includes(unknown(target.logicalId)),
    );
    for (const { logicalId } of more) apart.add(logicalId);
    return { ...target, policies: [...target.policies, ...more.flatMap(({ policies }) => policies)] };
  });
  return joined.filter(
    ({ logicalId, policies, managed }) => !apart.has(logicalId) && policies.length + managed.length > 0,
  );
}

function holder(
  logicalId: string,
  resource: TemplateResource,
  resources: Readonly<Record<string, TemplateResource>>,
): PolicyHolder {
  const type = typeof resource.Type === 'string' ? resource.Type : '';
  const resolved = resolveIntrinsics(resource.Properties, resources);
  const properties = isRecord(resolved) ? resolved : {};
  const metadata = isRecord(resource.Metadata) ? resource.Metadata : {};
  const path = ['Resources', logicalId, 'Properties'];
  const policies: AttachedPolicy[] = [];
  const add = (kind: PolicyKind, raw: unknown, ...rest: (string | number)[]) => {
    if (raw !== undefined) policies.push({ kind, path: [...path, ...rest], document: policyDocument(raw) });
  };
  if (type in IDENTITIES) {
    add('trust', properties.AssumeRolePolicyDocument, 'AssumeRolePolicyDocument');
    for (const [at, inline] of [properties.Policies].flat().entries()) {
      if (isRecord(inline)) add('identity', inline.PolicyDocument, 'Policies', at, 'PolicyDocument');
    }
  } else if (/^AWS::IAM::(Role|User|Group|Managed)?Policy$/.test(type)) {
    add('identity', properties.PolicyDocument, 'PolicyDocument');
  } else {
    const property = RESOURCE_POLICY[type];
    const raw = property === undefined ? undefined : properties[property];
    if (property === 'Statement') add('resource', { Version: '2012-10-17', Statement: raw }, property);
    else if (property) add(type === 'AWS::KMS::Key' ? 'key' : 'resource', raw, property);
  }
  const cdkPath = metadata['aws:cdk:path'];
  return {
    logicalId,
    type,
    name: typeof cdkPath === 'string' ? cdkPath.replace(/\/Resource$/, '') : logicalId,
    properties,
    metadata,
    policies,
    managed: [properties.ManagedPolicyArns].flat().filter((item): item is string => typeof item === 'string'),
  };
}
