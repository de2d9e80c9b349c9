import { LienThongError, Status } from '@lienthong/client';
import type { DocumentSummary } from '@lienthong/contracts/routing';
import { isUuid } from '@lienthong/kit';
import type { SystemDeps } from '../system.ts';

/** Documents that the agency takes part in and that are called so: by the platform's id, or by that of any system. */
export async function findByForeignId(
  { client }: Pick<SystemDeps, 'client'>,
  foreignId: string,
): Promise<Pick<DocumentSummary, 'id' | 'issuerId'>[]> {
  if (foreignId === '') return [];
  const [{ documents }, own] = await Promise.all([
    client.routing.findDocuments({ documentId: foreignId }),
    isUuid(foreignId) ? readOwn(client, foreignId) : undefined,
  ]);
  const found = documents.flatMap(({ document }) => document ?? []);
  return own ? [own, ...found] : found;
}

async function readOwn(client: SystemDeps['client'], documentId: string) {
  try {
    return (await client.routing.getDocument({ documentId })).document;
  } catch (error) {
    if (error instanceof LienThongError && error.code === Status.NOT_FOUND) return undefined;
    throw error;
  }
}
