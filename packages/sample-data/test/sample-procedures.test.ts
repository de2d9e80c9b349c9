import { sampleProcedures } from '@lienthong/procedure-registry/samples';
import { checkDefinition } from '@lienthong/workflow';
import { expect, test } from 'vitest';
import { departments } from '../src/data.ts';
import { functionsOf } from '../src/import.ts';

const samples = sampleProcedures();

test.each(['2017-03-06', '2025-03-01', '2025-07-01'])(
  'on %s a department of the sample data holds every function the sample procedures name',
  (date) => {
    const there = departments.filter(
      (one) =>
        (one.valid_from === '' || one.valid_from <= date) && (one.valid_to === '' || date < one.valid_to),
    );
    const functions = new Set(there.flatMap((one) => functionsOf(one.functions)));
    const problems = samples.flatMap((sample) => checkDefinition(sample, { functions }));
    expect(problems).toEqual([]);
  },
);
