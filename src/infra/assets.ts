// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { AssetHashType, aws_lambda as lambda } from 'aws-cdk-lib';
import type { FunctionSource } from '../module/integration-module.ts';
import type { LoadedModule } from '../module/load.ts';
import type { Asset } from './bundling/index.ts';

/** Where functions run: on AWS (arm64), or as processes of this machine behind the embedded AWS. */
export type Target = 'aws' | 'host';

/** The bundled code of a deployment's functions; scripts answer to `index.handler`. */
export interface Assets {
  readonly architecture: 'arm64' | 'x86_64';
  readonly lakeSource: Asset;
  readonly transformer: (loaded: LoadedModule) => Asset;
  /** `folder` is absolute. */
  readonly processor: (source: FunctionSource) => Asset;
}

/** The code of a function, under the hash of its content. */
export function codeOf({ folder, hash }: Asset): lambda.Code {
  return lambda.Code.fromAsset(folder, { assetHash: hash, assetHashType: AssetHashType.CUSTOM });
}

/** The architecture as CDK names it. */
export function architectureOf(architecture: Assets['architecture']): lambda.Architecture {
  return architecture === 'arm64' ? lambda.Architecture.ARM_64 : lambda.Architecture.X86_64;
}
