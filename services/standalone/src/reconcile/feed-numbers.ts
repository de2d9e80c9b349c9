import type { SourcePlan } from '@lienthong/eventlog';

/**
 * How many numbers the feed may have given before a restore that lost events, beyond those its database knows of: one for
 * each published event that it has not applied. A source whose lost events it has applied counts for none.
 */
export function numbersBehind(plans: readonly SourcePlan[]): number {
  if (plans.every(({ lost }) => lost.length === 0)) return 0;
  return plans
    .map(({ kept, lost, consumers }) => {
      const feed = consumers.find(({ service, consumer }) => service === 'feed' && consumer === 'feed');
      return feed === undefined || feed.position > kept ? 0 : kept + lost.length - feed.position;
    })
    .reduce((sum, count) => sum + count, 0);
}
