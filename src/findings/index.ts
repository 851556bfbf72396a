// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
export {
  countLevels,
  type Finding,
  type FindingPlace,
  inOrder,
  type Level,
  levels,
  placeText,
  type Rule,
} from './finding.ts';
export { githubLines, type Report, reportObject, sarifObject, summaryText, textLines } from './report.ts';
