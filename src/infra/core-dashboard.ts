// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { aws_cloudwatch as cloudwatch, type aws_dynamodb as dynamodb } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { transformerFunctionName } from '../module/names.ts';
import { functionMetric, ownMetric } from './metrics.ts';

/** All modules side by side: who delivers, who rejects, who fails. */
export function coreDashboard(
  scope: Construct,
  dashboardName: string,
  moduleIds: readonly string[],
  checkpoints: dynamodb.ITable,
): cloudwatch.Dashboard {
  const transformers = moduleIds.map((id) => transformerFunctionName(id));
  return new cloudwatch.Dashboard(scope, 'Dashboard', {
    dashboardName,
    widgets: [
      [
        graph(
          'Rows written to the lake',
          transformers.map((name) => ownMetric(name, 'RowsWritten')),
        ),
        graph(
          'Events rejected',
          transformers.map((name) => ownMetric(name, 'EventsRejected')),
        ),
      ],
      [
        graph(
          'Errors of the transformers',
          transformers.map((name) => functionMetric(name, 'Errors')),
        ),
        graph('Checkpoint capacity', [
          checkpoints.metricConsumedReadCapacityUnits(),
          checkpoints.metricConsumedWriteCapacityUnits(),
        ]),
      ],
    ],
  });
}

function graph(title: string, left: cloudwatch.IMetric[]): cloudwatch.GraphWidget {
  return new cloudwatch.GraphWidget({ title, left, width: 12, height: 6, leftYAxis: { min: 0 } });
}
