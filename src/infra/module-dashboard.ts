// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { aws_cloudwatch as cloudwatch, type aws_sqs as sqs } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { functionMetric, ownMetric } from './metrics.ts';

export interface ModuleDashboardProps {
  readonly moduleId: string;
  readonly transformerName: string;
  readonly queue: sqs.IQueue;
  readonly deadLetterQueue: sqs.IQueue;
  readonly functionNames: readonly string[];
}

/** `<module>-dashboard`: the way of the module's events from left to right, top to bottom. */
export function moduleDashboard(scope: Construct, props: ModuleDashboardProps): cloudwatch.Dashboard {
  const { transformerName, queue, deadLetterQueue, functionNames } = props;
  const functions = [...functionNames, transformerName];
  return new cloudwatch.Dashboard(scope, 'Dashboard', {
    dashboardName: `${props.moduleId}-dashboard`,
    widgets: [
      [
        graph(
          'Runs of the processors',
          functionNames.map((name) => functionMetric(name, 'Invocations')),
        ),
        graph('Pointers in the queue', [
          queue.metricApproximateNumberOfMessagesVisible(),
          deadLetterQueue.metricApproximateNumberOfMessagesVisible({ label: 'dead letters' }),
        ]),
        graph('Age of the oldest pointer, seconds', [queue.metricApproximateAgeOfOldestMessage()]),
      ],
      [
        graph('Events', [
          ...functionNames.map((name) => ownMetric(name, 'EventsCollected')),
          ownMetric(transformerName, 'EventsRead'),
          ownMetric(transformerName, 'RowsWritten'),
          ownMetric(transformerName, 'EventsRejected'),
        ]),
        graph('Bytes written to the lake', [ownMetric(transformerName, 'BytesWritten')]),
        graph(
          'Errors and throttles',
          functions.flatMap((name) => [functionMetric(name, 'Errors'), functionMetric(name, 'Throttles')]),
        ),
      ],
      [
        graph(
          'Events not read yet',
          functionNames.map((name) => ownMetric(name, 'CheckpointLag')),
        ),
        graph(
          'Duration p95, milliseconds',
          functions.map((name) => functionMetric(name, 'Duration', 'p95')),
        ),
      ],
    ],
  });
}

function graph(title: string, left: cloudwatch.IMetric[]): cloudwatch.GraphWidget {
  return new cloudwatch.GraphWidget({ title, left, width: 8, height: 6, leftYAxis: { min: 0 } });
}
