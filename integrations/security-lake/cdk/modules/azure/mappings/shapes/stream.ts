// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0

/** Everything Azure exports to an event hub arrives on one stream; `when` of each mapping tells the kinds apart. */
export const STREAM = 'com.microsoft.azure.eventhub';
