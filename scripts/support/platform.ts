import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSigningKey } from '@lienthong/audit/signing-key';
import { type AgencyClient, connectAgency } from '@lienthong/client';
import { Tier } from '@lienthong/contracts/directory';
import { type Caller, type Role, vietnamDate } from '@lienthong/kit';
import { services } from '@lienthong/standalone';
import { type RunningServices, runTestServices, testStack } from '@lienthong/testkit';
import { definition, step } from '@lienthong/workflow/testing';

export interface SmallPlatform {
  running: RunningServices;
  /** Ids of the agencies H61 and H61.1. */
  province: string;
  commune: string;
  /** The code of a procedure with one step, which the commune takes in and does. */
  procedureCode: string;
  admin: AgencyClient;
  tokenOf(agencyId: string, ...roles: Role[]): Promise<string>;
  stop(): Promise<void>;
}

/** All services over gRPC with a province, a commune and a procedure in force, for programs of others to call. */
export async function smallPlatform(): Promise<SmallPlatform> {
  const stack = await testStack();
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-clients-'));
  const signingKey = join(folder, 'signing-key');
  await createSigningKey(signingKey, 'lienthong.test/audit');
  const running = await runTestServices(services, stack, {
    env: {
      LIENTHONG_SEALING_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
      AUDIT_SIGNING_KEY: signingKey,
      // Receivers of webhooks on this machine.
      WEBHOOK_ALLOW_PRIVATE: 'true',
    },
  });
  const tokenOf = (agencyId: string, ...roles: Role[]) => {
    const caller: Caller = { agencyId, officerId: roles.join('-'), roles };
    return running.issuer.issue(caller);
  };
  const admin = connectAgency({ address: running.address, token: () => tokenOf('', 'admin') });
  const establish = async (code: string, tier: Tier) => {
    const { agency } = await admin.directory.establishAgency({
      part: { codes: [{ scheme: 'QD20', code }], name: `Ủy ban nhân dân ${code}`, tier },
      legalBasis: 'NQ 1687',
      effectiveOn: '2025-07-01',
    });
    return agency?.id ?? '';
  };
  const province = await establish('H61', Tier.PROVINCE);
  const commune = await establish('H61.1', Tier.COMMUNE);
  const procedureCode = await publishProcedure(admin);
  return {
    running,
    province,
    commune,
    procedureCode,
    admin,
    tokenOf,
    async stop() {
      admin.close();
      await running.stop();
      await stack.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function publishProcedure(admin: AgencyClient): Promise<string> {
  const { procedure } = await admin.procedures.draftProcedure({
    definition: definition(step('lam', { produces: ['giay-phep'] })),
  });
  const procedureId = procedure?.id;
  await admin.procedures.validateProcedure({ procedureId });
  const effectiveOn = vietnamDate(new Date());
  await admin.procedures.publishProcedure({
    procedureId,
    effectiveOn,
    decision: {
      number: '1/QĐ-UBND',
      decidedOn: effectiveOn,
      signerName: 'Nguyễn Văn Mẫu',
      signerPosition: 'Chủ tịch',
    },
  });
  return procedure?.code ?? '';
}
