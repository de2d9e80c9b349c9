import { parameters, type Reader } from '@lienthong/kit';

export interface ReceivedQuery {
  /** When dossiers were lodged in Vietnam, YYYY-MM-DD, both inclusive. */
  from: string;
  to: string;
  /** Intake agencies; undefined: all. */
  agencyIds: readonly string[] | undefined;
  procedureCode: string;
}

const ZONE = `'Asia/Ho_Chi_Minh'`;

/** Lodged dossiers by month; of some agencies by the keys of participant, since a dossier's own row has no such index. */
export function countReceived(
  reader: Reader,
  { from, to, agencyIds, procedureCode }: ReceivedQuery,
): Promise<{ month: string; received: number }[]> {
  const p = parameters();
  const tables =
    agencyIds === undefined
      ? 'dossier d'
      : 'participant p join dossier d on d.id = p.dossier_id and d.intake_id = p.agency_id';
  const lodgedAt = agencyIds === undefined ? 'd.lodged_at' : 'p.lodged_at';
  const where = [
    `${lodgedAt} >= (${p.add(from)}::date)::timestamp at time zone ${ZONE}`,
    `${lodgedAt} < (${p.add(to)}::date + 1)::timestamp at time zone ${ZONE}`,
  ];
  if (agencyIds !== undefined) where.push(`p.agency_id = any(${p.add(agencyIds)}::uuid[])`);
  if (procedureCode !== '') where.push(`d.procedure_code = ${p.add(procedureCode)}`);
  return reader.query({
    text: `select to_char(d.lodged_at at time zone ${ZONE}, 'YYYY-MM') as month, count(*) as received
             from ${tables}
            where ${where.join(' and ')}
            group by month order by month`,
    values: p.values,
  });
}
