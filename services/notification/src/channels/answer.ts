const MAX_ANSWER = 1000;

/** What a provider answered, as one line and cut. It may name the contact: whoever keeps it takes that out. */
export const answerOf = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, MAX_ANSWER);
