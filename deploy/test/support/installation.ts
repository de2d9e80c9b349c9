import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AgencyClient, type AgencyClientOptions, connectAgency } from '@lienthong/client';
import type { DeepPartial, IssueDocumentRequest } from '@lienthong/contracts/routing';
import { type Caller, type DevelopmentIssuer, vietnamDate } from '@lienthong/kit';
import { officersOf, resolve } from '@lienthong/sample-data';
import type { Project } from './engine.ts';

export const today = vietnamDate(new Date());
export const administrator: Caller = {
  agencyId: '',
  officerId: 'administrator',
  roles: ['admin', 'auditor'],
};

export interface Clients {
  /** A client through the published port. */
  connect(
    token: AgencyClientOptions['token'],
    more?: Pick<AgencyClientOptions, 'timeoutMs' | 'attemptTimeoutMs' | 'metadata'>,
  ): AgencyClient;
  /** One with an issuer's token for an administrator; `service` has its health and operations. */
  admin(issuer: DevelopmentIssuer, service?: string): AgencyClient;
  /** The clerk of an agency of the sample data. */
  clerkOf(issuer: DevelopmentIssuer, code: string): Promise<Caller>;
  close(): void;
}

/** Clients of the containers of a project; what is open ends with `close`. */
export function clientsOf(running: Project, port: number): Clients {
  const open: AgencyClient[] = [];
  const connect: Clients['connect'] = (token, more) => {
    const client = connectAgency({
      address: `localhost:${port}`,
      tls: { ca: readFileSync(join(running.folder, 'keys/gateway/ca.pem')) },
      token,
      timeoutMs: 60_000,
      ...more,
    });
    open.push(client);
    return client;
  };
  const admin: Clients['admin'] = (issuer, service) =>
    connect(
      () => issuer.issue(administrator),
      service === undefined ? {} : { timeoutMs: 300_000, metadata: { 'lien-thong-service': service } },
    );
  return {
    connect,
    admin,
    async clerkOf(issuer, code) {
      const client = admin(issuer);
      const agencyId = (await resolve(client, code, today)) as string;
      const officers = await officersOf(client, agencyId, today);
      const { id = '', roles = [] } = officers?.clerk ?? {};
      return { agencyId, officerId: id, roles: roles as Caller['roles'] };
    },
    close() {
      for (const client of open) client.close();
    },
  };
}

/** A letter of one agency to another one. */
export const letterTo = (code: string): DeepPartial<IssueDocumentRequest> => ({
  notation: 'UBND-VP',
  type: 'CV',
  subject: 'V/v công khai thủ tục hành chính',
  signer: { competence: 'KT. CHỦ TỊCH', position: 'Phó Chủ tịch', fullName: 'Nguyễn Văn Mẫu' },
  recipients: [{ recipient: { $case: 'code', value: { scheme: '', code } } }],
});
