// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { newModuleTests } from './new-module.fixture.ts';

newModuleTests('python');
