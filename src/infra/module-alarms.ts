// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

import type { aws_sqs as sqs } from 'aws-cdk-lib';
import {
  aws_cloudwatch_actions as actions,
  aws_cloudwatch as cloudwatch,
  Duration,
  type aws_sns as sns,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Configuration } from '../config/configuration.ts';
import type { HealthCheck } from '../module/integration-module.ts';
import { pascalCase } from '../module/names.ts';
import { functionMetric, ownMetric } from './metrics.ts';

export interface ModuleAlarmsProps {
  readonly moduleId: string;
  readonly transformerName: string;
  readonly queue: sqs.IQueue;
  readonly deadLetterQueue: sqs.IQueue;
  readonly functions: readonly HealthCheck[];
  readonly topic: sns.ITopic;
  /** A stopped module keeps its alarms, which then tell nobody. */
  readonly enabled: boolean;
  /** What raises no alarm yet. */
  readonly limits: Pick<
    Configuration['monitoring']['alarms'],
    'deadLetters' | 'oldestPointerMinutes' | 'rejectedEvents'
  >;
}

type Condition = Pick<
  cloudwatch.AlarmProps,
  'metric' | 'threshold' | 'evaluationPeriods' | 'datapointsToAlarm' | 'comparisonOperator' | 'treatMissingData'
>;

const ABOVE = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD;
const BELOW = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD;
const QUIET = cloudwatch.TreatMissingData.NOT_BREACHING;

const SHORTEST_PERIOD_MINUTES = 5;
/** CloudWatch takes periods of up to a day. */
const LONGEST_PERIOD_MINUTES = 1440;
const MISSED_RUNS = 3;

/** The alarms of a module: each says in its text what happened and where to look. */
export class ModuleAlarms extends Construct {
  private readonly props: ModuleAlarmsProps;

  constructor(scope: Construct, id: string, props: ModuleAlarmsProps) {
    super(scope, id);
    this.props = props;
    const { limits, moduleId, transformerName } = props;
    this.alarm('DeadLetters', `Events of ${moduleId} could not be processed and wait in the dead letter queue.`, {
      metric: props.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
      threshold: limits.deadLetters,
      comparisonOperator: ABOVE,
      evaluationPeriods: 1,
      treatMissingData: QUIET,
    });
    this.alarm(
      'OldPointers',
      `Events of ${moduleId} wait for more than ${limits.oldestPointerMinutes} minutes: the transformer is behind or failing.`,
      {
        metric: props.queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum' }),
        threshold: 60 * limits.oldestPointerMinutes,
        comparisonOperator: ABOVE,
        evaluationPeriods: 1,
        treatMissingData: QUIET,
      },
    );
    this.alarm(
      'RejectedEvents',
      `Events of ${moduleId} are no valid OCSF; they and the reasons stand under rejected/.`,
      counted(transformerName, 'EventsRejected', limits.rejectedEvents),
    );
    this.alarm(
      'TransformerErrors',
      `The function ${transformerName} fails; its log says why.`,
      transformerFailing(transformerName),
    );
    for (const { functionName, expectedEveryMinutes } of props.functions) {
      const name = pascalCase(functionName);
      this.alarm(
        `${name}Errors`,
        `The function ${functionName} fails; its log says why.`,
        processorFailing(functionName, expectedEveryMinutes),
      );
      this.alarm(
        `${name}Lost`,
        `Events of ${moduleId} expired in the source before ${functionName} read them.`,
        counted(functionName, 'EventsLost'),
      );
      const silent = expectedEveryMinutes && silence(functionName, expectedEveryMinutes);
      if (!silent) continue;
      this.alarm(`${name}Silent`, `The function ${functionName} has missed ${MISSED_RUNS} runs.`, silent);
    }
  }

  private alarm(id: string, alarmDescription: string, condition: Condition): void {
    const alarm = new cloudwatch.Alarm(this, id, {
      ...condition,
      alarmDescription,
      actionsEnabled: this.props.enabled,
    });
    alarm.addAlarmAction(new actions.SnsAction(this.props.topic));
    alarm.addOkAction(new actions.SnsAction(this.props.topic));
  }
}

/** Unless a limit is given, one event is one too many. */
function counted(functionName: string, metricName: 'EventsLost' | 'EventsRejected', threshold = 0): Condition {
  return {
    metric: ownMetric(functionName, metricName),
    threshold,
    comparisonOperator: ABOVE,
    evaluationPeriods: 1,
    treatMissingData: QUIET,
  };
}

/** A message that fails is tried again only after the queue's visibility timeout, so two failures may be half an hour apart. */
function transformerFailing(functionName: string): Condition {
  return {
    metric: functionMetric(functionName, 'Errors'),
    threshold: 0,
    comparisonOperator: ABOVE,
    evaluationPeriods: 12,
    datapointsToAlarm: 2,
    treatMissingData: QUIET,
  };
}

/** One failed run heals by itself with the next; two of three do not. Without a known rhythm each failure counts. */
function processorFailing(functionName: string, everyMinutes: number | undefined): Condition {
  const rhythm = everyMinutes !== undefined && everyMinutes <= LONGEST_PERIOD_MINUTES;
  const minutes = rhythm ? Math.max(everyMinutes, SHORTEST_PERIOD_MINUTES) : SHORTEST_PERIOD_MINUTES;
  return {
    metric: functionMetric(functionName, 'Errors', 'Sum', Duration.minutes(minutes)),
    threshold: 0,
    comparisonOperator: ABOVE,
    evaluationPeriods: rhythm ? 3 : 1,
    datapointsToAlarm: rhythm ? 2 : 1,
    treatMissingData: QUIET,
  };
}

/** Nothing where a run is due so rarely that CloudWatch has no period for it. */
function silence(functionName: string, everyMinutes: number): Condition | undefined {
  if (everyMinutes > LONGEST_PERIOD_MINUTES) return undefined;
  return {
    metric: functionMetric(functionName, 'Invocations', 'Sum', Duration.minutes(everyMinutes)),
    threshold: 1,
    comparisonOperator: BELOW,
    evaluationPeriods: MISSED_RUNS,
    treatMissingData: cloudwatch.TreatMissingData.BREACHING,
  };
}
