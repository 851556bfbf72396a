// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { Aws, CustomResource } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { eventClassOf } from './event-class.ts';
import { lakeSourceName } from './lake-source-name.ts';

export interface LakeSourceProps {
  readonly moduleId: string;
  /** OCSF class: `detection_finding`. */
  readonly className: string;
  /** Presented by whoever assumes the provider role. */
  readonly externalId: string;
  readonly crawlerRoleArn: string;
  /** The provider function of the core stack. */
  readonly serviceToken: string;
}

/** A custom source of Security Lake, registered for one OCSF class of a module. */
export class LakeSource extends Construct {
  readonly className: string;
  readonly sourceName: string;
  /** `s3://<lake bucket>/ext/<source>/`, as the API answers it. */
  readonly location: string;
  /** The role that may write there and nowhere else. */
  readonly providerRoleArn: string;

  constructor(scope: Construct, id: string, props: LakeSourceProps) {
    super(scope, id);
    this.className = props.className;
    this.sourceName = lakeSourceName(props.moduleId, props.className);
    const registration = new CustomResource(this, 'Registration', {
      serviceToken: props.serviceToken,
      resourceType: 'Custom::SlakeLakeSource',
      properties: {
        sourceName: this.sourceName,
        eventClass: eventClassOf(props.className),
        crawlerRoleArn: props.crawlerRoleArn,
        externalId: props.externalId,
        principal: Aws.ACCOUNT_ID,
      },
    });
    this.location = registration.getAttString('Location');
    this.providerRoleArn = registration.getAttString('ProviderRoleArn');
  }
}
