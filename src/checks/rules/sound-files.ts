// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { counted } from '../../errors/counted.ts';
import { defineCheck, type Flaw } from '../check.ts';

const MOST_BYTES = 1024 * 1024;
const TEXT = /\.(ts|py|md|json|ya?ml|txt|sh|toml|cfg|ini)$/;

export const check = defineCheck({
  code: 'CHK-FILES-002',
  item: 'files',
  title: 'Files are text of a size that can be read, and stay in the folder',
  level: 'error',
  why: 'A link out of the folder is not packaged with the module; what cannot be read cannot be reviewed.',
  how: 'Each file of the folder: its kind, its size, and for text files whether they are UTF-8.',
  fix: 'Replace the link by the file, keep large data out of the module, save text as UTF-8.',
  run({ files, text }) {
    const flaws = files.flatMap(({ path, bytes, kind }): Flaw[] => {
      if (kind === 'link-outside')
        return [{ file: path, message: 'a symbolic link that does not lead into the module' }];
      if (kind === 'other') return [{ file: path, message: 'neither a file nor a folder' }];
      if (bytes > MOST_BYTES) {
        return [
          { file: path, message: `${Math.round(bytes / 1024)} KB, at most ${MOST_BYTES / 1024} KB are expected` },
        ];
      }
      if (TEXT.test(path) && text(path) === undefined) return [{ file: path, message: 'is no UTF-8 text' }];
      return [];
    });
    return { flaws, evidence: counted(files.length, 'file') };
  },
});
