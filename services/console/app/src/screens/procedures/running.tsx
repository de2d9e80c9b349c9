import { useQuery } from '@tanstack/react-query';
import { query } from '../../api/query-client.ts';
import { momentText } from '../../text/dates.ts';
import { useText } from '../../text/text.tsx';

interface RunningProps {
  code: string;
  procedureId: string;
}

/** How many dossiers are under way by a version: they stay on it, whatever is published. */
export function Running({ code, procedureId }: RunningProps) {
  const { t, language } = useText();
  const { data } = useQuery(
    query('casework.v1.WorkOperationsService/CountRunningDossiers', { procedureCode: code }),
  );
  if (data === undefined) return null;
  const own = data.versions.find((one) => one.procedureId === procedureId);
  const due =
    own?.latestDueAt === undefined
      ? ''
      : t('procedure.runningUntil', { at: momentText(new Date(own.latestDueAt), language) });
  return <p>{t('procedure.running', { count: Number(own?.dossiers ?? 0), due })}</p>;
}
