import { useQuery } from '@tanstack/react-query';
import { readAnswers } from '../../api/answers.ts';
import { call } from '../../api/call.ts';
import { numberOf } from '../../text/document.ts';
import { useText } from '../../text/text.tsx';
import type { Draft } from './draft.ts';

/** What a reminder of a directive begins with: the agencies that have not answered. */
export function useReminder(documentId: string) {
  const { t, language } = useText();
  return useQuery({
    queryKey: ['routing', 'reminder', documentId, language] as const,
    enabled: documentId !== '',
    async queryFn({ signal }): Promise<Partial<Draft>> {
      const [{ document }, answers] = await Promise.all([
        call('routing.v1.DocumentRoutingService/GetDocument', { documentId }, signal),
        readAnswers(documentId, ['ANSWER_STATE_OVERDUE', 'ANSWER_STATE_WAITING'], signal),
      ]);
      const holders = answers.flatMap(({ delivery }) => delivery?.holder ?? []);
      return {
        notation: document?.notation ?? '',
        subject: document === undefined ? '' : t('compose.reminder', { number: numberOf(document) }),
        recipients: Object.fromEntries(holders.map(({ agencyId, name }) => [agencyId, name])),
      };
    },
  });
}
