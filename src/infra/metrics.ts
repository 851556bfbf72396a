// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { aws_cloudwatch as cloudwatch, Duration } from 'aws-cdk-lib';

const NAMESPACE = 'Slake';

/** What processors count. */
type ProcessorMetric = 'EventsCollected' | 'EventsLost' | 'CheckpointLag';
/** What transformers count. */
type TransformerMetric = 'EventsRead' | 'EventsRejected' | 'RowsWritten' | 'BytesWritten';

/** What a function of ours counted; Powertools adds the function's name as dimension `service`. */
export function ownMetric(
  functionName: string,
  metricName: ProcessorMetric | TransformerMetric,
  period = fiveMinutes(),
) {
  return new cloudwatch.Metric({
    namespace: NAMESPACE,
    metricName,
    dimensionsMap: { service: functionName },
    statistic: 'Sum',
    period,
  });
}

/** A metric of Lambda for a function named rather than constructed here, so that it serves any module. */
export function functionMetric(
  functionName: string,
  metricName: 'Invocations' | 'Errors' | 'Duration' | 'Throttles',
  statistic = 'Sum',
  period = fiveMinutes(),
) {
  return new cloudwatch.Metric({
    namespace: 'AWS/Lambda',
    metricName,
    dimensionsMap: { FunctionName: functionName },
    statistic,
    period,
  });
}

function fiveMinutes(): Duration {
  return Duration.minutes(5);
}
