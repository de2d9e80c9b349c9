import { type DeepPartial, type ReorganisationPart, Tier } from '@lienthong/contracts/directory';
import {
  committeeOf,
  DEPARTMENTS_MERGE,
  departmentCode,
  departments,
  newCode,
  newUnits,
  oldCode,
  oldUnits,
  PROVINCE_CODE,
  succession,
  type Unit,
} from './data.ts';
import { code, functionsOf, key, tierOf } from './import.ts';

type Part = DeepPartial<ReorganisationPart>;

const departmentOf = (suffix: string) =>
  departments.find((department) => department.code_suffix === suffix) ?? raise(`no department ${suffix}`);

/** 2025-03-01: departments merge; one is split between two successors. */
export function departmentParts(): Part[] {
  const begun = departments.filter((department) => department.valid_from === DEPARTMENTS_MERGE);
  const ended = departments.filter((department) => department.valid_to === DEPARTMENTS_MERGE);
  const refTo = (suffix: string) =>
    departmentOf(suffix).valid_from === DEPARTMENTS_MERGE
      ? key(suffix)
      : code(departmentCode(departmentOf(suffix)));
  return [
    ...begun.map(
      (department): Part => ({
        part: {
          $case: 'establish',
          value: {
            key: department.code_suffix,
            codes: [{ code: departmentCode(department) }],
            name: department.name,
            kind: department.name.split(' ')[0],
            tier: Tier.DEPARTMENT,
            parent: code(PROVINCE_CODE),
            functions: functionsOf(department.functions),
          },
        },
      }),
    ),
    ...ended.map((department): Part => {
      const predecessor = code(departmentCode(department));
      const [main, ...others] = department.succeeded_by.split('|');
      if (main === undefined || main === '')
        return { part: { $case: 'end', value: { agency: predecessor } } };
      if (others.length === 0) {
        return { part: { $case: 'merge', value: { predecessors: [predecessor], successor: refTo(main) } } };
      }
      const kept = new Set(functionsOf(department.functions));
      return {
        part: {
          $case: 'split',
          value: {
            predecessor,
            successors: [
              { agency: refTo(main), main: true },
              ...others.map((suffix) => ({
                agency: refTo(suffix),
                functions: functionsOf(departmentOf(suffix).functions).filter((name) => kept.has(name)),
              })),
            ],
          },
        },
      };
    }),
  ];
}

/** 2025-07-01: three provinces become one, districts end, 354 communes become 124. */
export function provinceParts(): Part[] {
  const province = newUnits.find((unit) => unit.tier === 'province') as Unit;
  const unchanged = new Set(
    succession.filter((row) => row.extent === 'unchanged').map((row) => row.successor_gso_code),
  );
  const newKey = (gso: string) => key(`unit ${gso}`);
  const established = newUnits.filter((unit) => !unchanged.has(unit.gso_code));
  const old = new Map(oldUnits.map((unit) => [unit.gso_code, unit]));
  const oldRef = (gso: string) => code(oldCode(old.get(gso) ?? raise(`no old unit ${gso}`)));
  const continuing = departments.filter((department) => department.valid_to === '');

  return [
    ...established.map(
      (unit): Part => ({
        part: {
          $case: 'establish',
          value: {
            key: `unit ${unit.gso_code}`,
            codes: [{ code: newCode(unit) }, { scheme: 'GSO', code: unit.gso_code }],
            name: committeeOf(unit),
            kind: unit.type,
            tier: tierOf(unit),
            parent: unit === province ? undefined : newKey(province.gso_code),
          },
        },
      }),
    ),
    ...[...unchanged].flatMap((gso): Part[] => [
      { part: { $case: 'move', value: { agency: oldRef(gso), parent: newKey(province.gso_code) } } },
      ...newCodePart(oldCode(old.get(gso) as Unit), newCode(old.get(gso) as Unit)),
    ]),
    ...continuing.map(
      (department): Part => ({
        part: {
          $case: 'move',
          value: { agency: code(departmentCode(department)), parent: newKey(province.gso_code) },
        },
      }),
    ),
    ...wholes(newKey, oldRef),
    ...splits(newKey, oldRef),
    ...oldUnits
      .filter((unit) => unit.tier === 'district')
      .map((unit): Part => ({ part: { $case: 'end', value: { agency: oldRef(unit.gso_code) } } })),
  ];
}

const newCodePart = (from: string, to: string): Part[] =>
  from === to ? [] : [{ part: { $case: 'update', value: { agency: code(from), codes: [{ code: to }] } } }];

type Ref = ReturnType<typeof key> | ReturnType<typeof code>;

function wholes(newKey: (gso: string) => Ref, oldRef: (gso: string) => Ref): Part[] {
  const bySuccessor = Map.groupBy(
    succession.filter((row) => row.extent === 'whole'),
    (row) => row.successor_gso_code,
  );
  return [...bySuccessor].map(([successor, rows]) => ({
    part: {
      $case: 'merge',
      value: {
        predecessors: rows.map((row) => oldRef(row.predecessor_gso_code)),
        successor: newKey(successor),
      },
    },
  }));
}

/** The main successor of a split unit is the one that keeps its code, else the first that is named. */
function splits(newKey: (gso: string) => Ref, oldRef: (gso: string) => Ref): Part[] {
  const byPredecessor = Map.groupBy(
    succession.filter((row) => row.extent === 'part'),
    (row) => row.predecessor_gso_code,
  );
  return [...byPredecessor].map(([predecessor, rows]) => {
    const main = rows.find((row) => row.successor_gso_code === predecessor) ?? rows[0];
    return {
      part: {
        $case: 'split',
        value: {
          predecessor: oldRef(predecessor),
          successors: rows.map((row) => ({ agency: newKey(row.successor_gso_code), main: row === main })),
        },
      },
    };
  });
}

function raise(message: string): never {
  throw new Error(message);
}
