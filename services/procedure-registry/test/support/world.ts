import { randomUUID } from 'node:crypto';
import type { AgencyClient } from '@lienthong/client';
import { Tier } from '@lienthong/contracts/directory';
import type { Decision, Definition, Procedure } from '@lienthong/contracts/registry';
import type { Caller, Role } from '@lienthong/kit';
import { agency } from '@lienthong/reference-data/testing';
import { ADMIN, type TestWorld, testWorld } from '@lienthong/testkit';
import { definition, sequence, step } from '@lienthong/workflow/testing';
import { expect } from 'vitest';
import { procedureRegistry } from '../../src/service.ts';

const FUNCTIONS = [
  'land',
  'environment',
  'agriculture',
  'finance',
  'business-registration',
  'construction',
  'transport',
  'civil-status',
  'justice',
  'health',
  'social-protection',
];

/** A province with one department for everything, one commune, and one that ended into it. */
export const province = agency({ code: 'H61', name: 'Ủy ban nhân dân tỉnh Vĩnh Long', tier: Tier.PROVINCE });
export const department = agency({
  code: 'H61.CM',
  name: 'Sở chuyên môn',
  tier: Tier.DEPARTMENT,
  parentId: province.id,
  functions: FUNCTIONS,
});
export const commune = agency({
  code: 'H61.29551',
  name: 'Ủy ban nhân dân phường Long Châu',
  parentId: province.id,
});

/** The real service with a directory's event log beside it, which has announced the province. */
export async function openWorld(processes = 1): Promise<TestWorld> {
  const world = await testWorld(procedureRegistry, { sources: ['directory'], processes });
  await world.announce(province, department, commune);
  return world;
}

/** Somebody of the platform itself in a role. */
export const platformCaller = (role: Role): Caller => ({ ...ADMIN, roles: [role] });

export const decision: Decision = {
  number: '12/QĐ-UBND',
  decidedOn: '2026-01-14',
  signerName: 'Nguyễn Văn A',
  signerPosition: 'Chủ tịch',
};

let codes = 0;
/** A procedure code that no other test of the file has. */
export function freshCode(): string {
  codes += 1;
  return `9.${String(codes).padStart(6, '0')}`;
}

/** A sound procedure, of one step unless a workflow is given, with whatever is to be different. */
export const sound = ({ workflow, ...more }: Partial<Definition> = {}): Definition =>
  definition(workflow?.root ?? sequence('all', step('lam', { produces: ['giay-phep'] })), {
    code: freshCode(),
    kind: 'TTHC được luật giao quy định chi tiết',
    coordinatingAgencies: [{ performer: { $case: 'function', value: 'construction' } }],
    ...more,
  });

/** Drafts, validates and publishes; gives the version as published. */
export async function publish(
  client: AgencyClient,
  given: Definition,
  effectiveOn = '2026-01-15',
): Promise<Procedure> {
  const { procedure } = await client.procedures.draftProcedure({
    requestId: randomUUID(),
    definition: given,
  });
  return publishDraft(client, procedure?.id, effectiveOn);
}

export async function publishDraft(
  client: AgencyClient,
  procedureId: string | undefined,
  effectiveOn: string,
): Promise<Procedure> {
  const { problems } = await client.procedures.validateProcedure({ requestId: randomUUID(), procedureId });
  expect(problems).toEqual([]);
  const published = await client.procedures.publishProcedure({
    requestId: randomUUID(),
    procedureId,
    effectiveOn,
    decision,
  });
  return published.procedure as Procedure;
}
