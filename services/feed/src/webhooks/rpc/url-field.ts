import { invalid, refuse } from '@lienthong/kit';
import { type AddressRules, leadsToPublic, notPublic, urlProblem } from '../address.ts';

/**
 * The address as it will be used. Refused: what may not be a webhook's address, also by what its name means today; it
 * is checked again at every connection.
 */
export async function checkedUrl(text: string, rules: AddressRules): Promise<string> {
  const problem = urlProblem(text, rules);
  if (problem) return refuse(invalid([{ field: 'url', ...problem }]));
  const url = new URL(text);
  if (!rules.allowPrivate && !(await leadsToPublic(url)))
    return refuse(invalid([{ field: 'url', ...notPublic }]));
  return url.href;
}
