/** Both secrets of a webhook are kept in its row. */
export const secretPlace = (webhookId: string): string => `webhook/${webhookId}/secret`;
