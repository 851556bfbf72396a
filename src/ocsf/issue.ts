// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What can be wrong with an event: the codes of the OCSF server's validator, and `attribute_nested_too_deep`, which
 * only an event without end can earn.
 * @see https://github.com/ocsf/ocsf-server/blob/main/lib/schema/validator2.ex
 */
export type IssueCode =
  | 'attribute_unknown'
  | 'attribute_required_missing'
  | 'attribute_wrong_type'
  | 'attribute_enum_value_unknown'
  | 'attribute_enum_array_value_unknown'
  | 'attribute_enum_array_sibling_missing'
  | 'attribute_enum_array_sibling_incorrect'
  | 'attribute_enum_sibling_incorrect'
  | 'attribute_enum_sibling_suspicious_other'
  | 'attribute_value_exceeds_range'
  | 'attribute_value_exceeds_super_type_range'
  | 'attribute_value_exceeds_max_len'
  | 'attribute_value_exceeds_super_type_max_len'
  | 'attribute_value_not_in_type_values'
  | 'attribute_value_regex_not_matched'
  | 'attribute_nested_too_deep'
  | 'attribute_deprecated'
  | 'object_deprecated'
  | 'class_deprecated'
  | 'class_uid_unknown'
  | 'type_uid_incorrect'
  | 'profile_unknown'
  | 'constraint_failed'
  | 'version_invalid_format'
  | 'version_incompatible_initial_development'
  | 'version_incompatible_prerelease'
  | 'version_incompatible_later'
  | 'version_earlier';

export interface Issue {
  readonly code: IssueCode;
  /** Attribute path, `finding_info.types[1]`; empty for the event as a whole. */
  readonly path: string;
  /** What is wrong; holds no text of the event but attribute names. */
  readonly message: string;
  readonly level: 'error' | 'warning';
  /** The offending value where it is a short scalar. */
  readonly value?: string | number | boolean;
}
