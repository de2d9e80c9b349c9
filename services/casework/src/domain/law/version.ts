/** A version of the law by date. */
export interface LawVersion {
  /** The first date in force, YYYY-MM-DD; '' for all dates before the next version. */
  from: string;
  /**
   * The transitional rule: whether it governs only dossiers lodged since then, or also those under way. What was lodged
   * before goes on under the version of its lodging unless the law states otherwise.
   */
  governs: 'lodged-since' | 'all';
  /** As refusals and papers cite it. An article whose text has not been seen is not cited: the act alone is. */
  source: string;
}

/**
 * The newest version that governs a dossier.
 * @param versions newest first
 * @param lodgedOn YYYY-MM-DD
 * @param today YYYY-MM-DD, the date of the decision or of the paper
 */
export function versionFor<V extends LawVersion>(versions: readonly V[], lodgedOn: string, today: string): V {
  const found = versions.find(({ from, governs }) => from <= (governs === 'all' ? today : lodgedOn));
  if (!found) throw new Error(`no law for dossiers lodged on ${lodgedOn}`);
  return found;
}
