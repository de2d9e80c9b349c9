import { useQuery } from '@tanstack/react-query';
import type { Request } from '../../api/call.ts';
import { query } from '../../api/query-client.ts';
import { today } from '../../text/dates.ts';

/** What is looked for, as the address has it. */
export interface TracesSearch {
  /** The code of a dossier. */
  ma?: string | undefined;
  /** Number and notation of a document: "12/KH-UBND". */
  so?: string | undefined;
  /** The code of an agency: that of the document's issuer, or one that the traces are about. */
  'co-quan'?: string | undefined;
  /** Only those that failed. */
  loi?: string | undefined;
  /** Slower than so many milliseconds. */
  cham?: string | undefined;
}

export type FindRequest = Request<'traces.v1.TraceService/FindTraces'>;

interface Subject {
  /** Undefined until all of it is known. */
  request: FindRequest | undefined;
  error: Error | null;
  /** No document has the number. */
  isMissing: boolean;
  documentId: string;
}

/** The number and the notation of "12/KH-UBND". */
export function numberOf(text: string): { number: string; notation: string } {
  const slash = text.indexOf('/');
  return slash < 0
    ? { number: text.trim(), notation: '' }
    : { number: text.slice(0, slash).trim(), notation: text.slice(slash + 1).trim() };
}

/** A search by what people know, with the ids that traces have instead. */
export function useSubject({ ma, so, 'co-quan': code, loi, cham }: TracesSearch): Subject {
  const resolved = useQuery({
    ...query('directory.v1.AgencyDirectoryService/ResolveCode', { code: { code: code ?? '' }, at: today() }),
    enabled: code !== undefined,
  });
  const agencyId = resolved.data?.agency?.id ?? '';
  const located = useQuery({
    ...query('routing.v1.DocumentOperationsService/FindDocumentsByNumber', {
      issuerId: agencyId,
      ...numberOf(so ?? ''),
    }),
    enabled: so !== undefined && agencyId !== '',
  });
  const documentId = located.data?.documents[0]?.documentId ?? '';
  const isMissing = so !== undefined && located.data?.documents.length === 0;
  const isKnown = (code === undefined || agencyId !== '') && (so === undefined || documentId !== '');
  const ms = Number(cham ?? 0);
  return {
    request: isKnown
      ? {
          dossierCode: ma ?? '',
          documentId,
          agencyId: so === undefined ? agencyId : '',
          failedOnly: loi !== undefined,
          slowerThanUs: String(Number.isFinite(ms) && ms > 0 ? Math.round(ms * 1_000) : 0),
        }
      : undefined,
    error: resolved.error ?? located.error,
    isMissing,
    documentId,
  };
}
