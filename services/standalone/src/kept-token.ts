/**
 * A token that is used for many calls. It is issued again at half of its life, so that it never ends in a call, and after an
 * issue that failed.
 * @param issue with the seconds for which the token is good
 */
export function keptToken(
  issue: (ttlSeconds: number) => Promise<string>,
  ttlSeconds: number,
  now: () => number = Date.now,
): () => Promise<string> {
  let kept: { token: Promise<string>; until: number } | undefined;
  return () => {
    if (kept !== undefined && now() < kept.until) return kept.token;
    const fresh = { token: issue(ttlSeconds), until: now() + ttlSeconds * 500 };
    kept = fresh;
    fresh.token.catch(() => {
      if (kept === fresh) kept = undefined;
    });
    return fresh.token;
  };
}
