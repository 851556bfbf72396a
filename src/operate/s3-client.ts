// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { S3Client } from '@aws-sdk/client-s3';

/**
 * S3 as the environment says. Where that gives an endpoint, buckets stand in the path: an endpoint of one's own, such as
 * the embedded AWS, seldom has a host name for each bucket, and S3 itself takes both.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function s3Client(region?: string): S3Client {
  const { AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3 } = process.env;
  const forcePathStyle = Boolean(AWS_ENDPOINT_URL_S3 || AWS_ENDPOINT_URL);
  return new S3Client({ forcePathStyle, ...(region === undefined ? {} : { region }) });
}
