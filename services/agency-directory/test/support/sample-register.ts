import type { AgencyClient } from '@lienthong/client';
import { type Agency, type ReorganiseRequest, Tier } from '@lienthong/contracts/directory';
import { refusalOf } from '@lienthong/testkit';
import { expect } from 'vitest';
import { byId, establish, freshCode } from './build.ts';

export const DAY = '2025-07-01';
/** The id of no agency. */
export const NOBODY = '018f0000-0000-7000-8000-00000000dead';

/** A register to ask wrong things of: top > low, other beside them, gone since 2020, late from 2030 on. */
export async function sampleRegister(client: AgencyClient) {
  const top = await establish(client, { functions: ['land'] });
  const low = await establish(client, { parent: byId(top.id) });
  const other = await establish(client);
  const gone = await establish(client);
  await client.directory.endAgency({ part: { agency: byId(gone.id) }, effectiveOn: '2020-01-01' });
  const late = await establish(client, {}, '2030-01-01');
  const all = [top, low, other, gone, late];

  return {
    top,
    low,
    other,
    gone,
    late,

    establish: (part: object, more: object = {}) =>
      client.directory.establishAgency({ part: { ...fresh(), ...part }, ...more }),
    rename: (agency: Agency, effectiveOn = DAY) =>
      client.directory.renameAgency({ part: { agency: byId(agency.id), name: 'Xã Mới' }, effectiveOn }),
    move: (agency: Agency, parent: Agency) =>
      client.directory.moveAgency({
        part: { agency: byId(agency.id), parent: byId(parent.id) },
        effectiveOn: DAY,
      }),
    update: (agency: Agency, more: object, effectiveOn = DAY) =>
      client.directory.updateAgency({ part: { agency: byId(agency.id), ...more }, effectiveOn }),
    end: (agencyId: string, effectiveOn = DAY) =>
      client.directory.endAgency({ part: { agency: byId(agencyId) }, effectiveOn }),
    merge: (predecessor: Agency, successor: string) =>
      client.directory.mergeAgencies({
        part: { predecessors: [byId(predecessor.id)], successor: byId(successor) },
        effectiveOn: DAY,
      }),
    split: (predecessor: Agency, ...successors: object[]) =>
      client.directory.splitAgency({
        part: { predecessor: byId(predecessor.id), successors },
        effectiveOn: DAY,
      }),
    reorganise: (...parts: NonNullable<ReorganiseRequest['parts'][number]['part']>[]) =>
      client.directory.reorganise({ effectiveOn: DAY, parts: parts.map((part) => ({ part })) }),

    /** The call is refused with exactly these violations (`field REASON`), and nothing has changed. */
    async expectRefused(call: () => Promise<unknown>, code: string, ...violations: string[]) {
      const state = async () => {
        const agencies = await Promise.all(all.map(({ id }) => client.directory.getAgency({ agencyId: id })));
        return [agencies, await client.directory.searchAgencies({ query: 'Xã Mới', includeEnded: true })];
      };
      const before = await state();
      const reasons = new Set(violations.map((violation) => violation.split(' ')[1]));
      const [reason] = reasons;
      expect(await refusalOf(call())).toEqual({
        code,
        reason: reasons.size > 1 ? expect.stringMatching(/^[A-Z_]+$/) : reason,
        violations,
      });
      expect(await state()).toEqual(before);
    },
  };
}

export type SampleRegister = Awaited<ReturnType<typeof sampleRegister>>;

const fresh = () => ({ codes: [{ code: freshCode() }], name: 'Xã Mới', tier: Tier.COMMUNE });
