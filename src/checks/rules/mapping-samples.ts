// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
import { counted } from '../../errors/counted.ts';
import { DEFAULT_OCSF_VERSION } from '../../ocsf/index.ts';
import { loadProgram, mappingFiles } from '../../pipeline/build/load-program.ts';
import {
  judgeSample,
  orphanedExpectations,
  runSamples,
  type Sample,
  type Verdict,
} from '../../pipeline/build/sample.ts';
import { defineCheck, doesNotLoad, type Flaw } from '../check.ts';

export const check = defineCheck({
  code: 'CHK-MAPPINGS-001',
  item: 'mappings',
  title: 'Every mapping has a sample, and every sample becomes what is expected',
  level: 'error',
  why: 'A mapping without sample was never run; a sample whose result changed unseen changes the lake.',
  how: `Mappings are compiled for OCSF ${DEFAULT_OCSF_VERSION}; each samples/<case>.raw.json is mapped, validated and compared with <case>.ocsf.json, which is [] for an event that must be refused.`,
  fix: '"npm run test-mapping -- --update" writes what is expected; review the difference.',
  async run({ loaded, folder }) {
    if (!loaded) return doesNotLoad;
    const { program } = await loadProgram(mappingFiles(folder, loaded.mappings), DEFAULT_OCSF_VERSION);
    const samples = runSamples(folder, program);
    const flaws: Flaw[] = samples.flatMap((sample) => {
      const { verdict, isFine } = judgeSample(sample);
      return isFine ? [] : [flawOf(sample, verdict)];
    });
    for (const orphan of orphanedExpectations(folder)) {
      flaws.push({ file: `samples/${orphan}`, message: 'has no raw event beside it' });
    }
    const reached = new Set(
      samples.flatMap(({ mapping, reasons }) => (mapping && reasons.length === 0 ? [mapping] : [])),
    );
    for (const { name } of program.mappings) {
      if (!reached.has(name))
        flaws.push({ file: `mappings/${name.split('#')[0]}.ts`, message: `no sample reaches ${name}` });
    }
    return {
      flaws,
      evidence: `${counted(samples.length, 'sample')}, ${reached.size} of ${counted(program.mappings.length, 'mapping')}`,
    };
  },
});

function flawOf({ name, mapping, rivals, reasons }: Sample, verdict: Verdict): Flaw {
  const [raw, expectation] = [`samples/${name}.raw.json`, `samples/${name}.ocsf.json`];
  const [reason] = reasons;
  switch (verdict) {
    case 'ambiguous':
      return { file: raw, message: `${mapping} and ${rivals.join(', ')} both take it; give one a priority` };
    case 'invalid':
      return { file: raw, message: `is refused: ${reason?.path} ${reason?.message}` };
    case 'no expectation':
      return { file: raw, message: `${expectation} is missing` };
    default:
      return { file: expectation, message: 'is not what becomes of the sample' };
  }
}
