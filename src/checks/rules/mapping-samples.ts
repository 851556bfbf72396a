// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from 'node:util';
import { loadProgram, mappingFiles } from '../../pipeline/build/load-program.ts';
import { runSamples } from '../../pipeline/build/sample.ts';
import { defineCheck, doesNotLoad, type Flaw } from '../check.ts';

const VERSION = '1.3.0';

export const check = defineCheck({
  code: 'CHK-MAPPINGS-001',
  item: 'mappings',
  title: 'Every mapping has a sample, and every sample becomes what is expected',
  level: 'error',
  why: 'A mapping without sample was never run; a sample whose result changed unseen changes the lake.',
  how: `Mappings are compiled for OCSF ${VERSION}; each samples/<case>.raw.json is mapped, validated and compared with <case>.ocsf.json.`,
  fix: '"npm run test-mapping -- --update" writes what is expected; review the difference.',
  async run({ loaded, folder }) {
    if (!loaded) return doesNotLoad;
    const { program } = await loadProgram(mappingFiles(folder, loaded.mappings), VERSION);
    const samples = runSamples(folder, program);
    const flaws: Flaw[] = samples.flatMap((sample) => {
      const file = `samples/${sample.name}.raw.json`;
      const [reason] = sample.reasons;
      if (sample.rivals.length > 0) {
        return [
          { file, message: `${sample.mapping} and ${sample.rivals.join(', ')} both take it; give one a priority` },
        ];
      }
      // A sample may be one of what is refused, as long as it says so by having no expectation.
      if (reason && sample.expected !== undefined)
        return [{ file, message: `is refused: ${reason.path} ${reason.message}` }];
      if (!reason && sample.expected === undefined)
        return [{ file, message: `samples/${sample.name}.ocsf.json is missing` }];
      if (reason || isDeepStrictEqual(sample.actual, sample.expected)) return [];
      return [{ file: `samples/${sample.name}.ocsf.json`, message: 'is not what becomes of the sample' }];
    });
    const reached = new Set(
      samples.flatMap(({ mapping, reasons }) => (mapping && reasons.length === 0 ? [mapping] : [])),
    );
    for (const { name } of program.mappings) {
      if (!reached.has(name))
        flaws.push({ file: `mappings/${name.split('#')[0]}.ts`, message: `no sample reaches ${name}` });
    }
    return { flaws, evidence: `${samples.length} samples, ${reached.size} of ${program.mappings.length} mappings` };
  },
});
