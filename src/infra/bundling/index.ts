// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
export type { PythonTarget } from './install.ts';
export { projectPython, venvPython } from './project-python.ts';
export { bundlePython, type PythonBundle } from './python.ts';
export { bundleHandler, bundleTransformer, type TransformerBundle } from './script.ts';
export type { Asset } from './store.ts';
