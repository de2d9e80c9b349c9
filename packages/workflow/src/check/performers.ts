/** Checks that an agency can exist for every performer. */
import type { Tier } from '@lienthong/contracts/directory';
import type { Performer } from '@lienthong/contracts/registry';
import { type Circumstances, tiersFrom, waysOf } from '../circumstances.ts';
import { LIMITS } from '../limits.ts';
import type { CompiledWorkflow, LeafNode, Node } from '../model.ts';
import { tierName } from '../performer.ts';
import type { Problems } from '../problem.ts';
import type { Known } from './known.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const FUNCTION = /^[a-z0-9]+([-_][a-z0-9]+)*$/;

export function checkPerformers(
  { root, leaves }: Pick<CompiledWorkflow, 'root' | 'leaves'>,
  circumstances: readonly Circumstances[],
  known: Known,
  problems: Problems,
): void {
  for (const node of leaves) {
    for (const [place, performer] of performersOf(node)) {
      checkPerformer(performer, place, known, problems, node.key);
    }
    if (node.kind !== 'hand-over' || !node.block.result) continue;
    if (node.block.to?.performer?.$case === 'intake') continue;
    const message =
      'a result goes back to where the dossier was handed in; hand it over to the intake agency';
    problems.error('HAND_OVER_NOT_TO_INTAKE', `${node.place}.hand_over.to`, message, node.key);
  }
  for (const one of circumstances) {
    const { intakeTier } = one;
    if (intakeTier === undefined) continue;
    visitReached(root, one, (node) => {
      for (const [place, performer] of performersOf(node)) {
        checkAncestor(performer, intakeTier, place, known, problems, node.key);
      }
    });
  }
}

/** Visits the blocks that dossiers of these circumstances can reach; a choice may separate the tiers. */
function visitReached(node: Node, circumstances: Circumstances, visit: (leaf: LeafNode) => void): void {
  if (!('children' in node)) {
    visit(node);
    return;
  }
  const children = node.kind === 'choice' ? waysOf(node, circumstances) : node.children;
  for (const child of children) if (child !== undefined) visitReached(child, circumstances, visit);
}

function performersOf(node: LeafNode): [place: string, performer: Performer | undefined][] {
  switch (node.kind) {
    case 'step':
      return [[`${node.place}.step.performer`, node.block.performer]];
    case 'consultation': {
      const place = `${node.place}.consultation`;
      const { lead, consulted } = node.block;
      return [
        [`${place}.lead`, lead],
        ...consulted.map((one, i): [string, Performer] => [`${place}.consulted[${i}]`, one]),
      ];
    }
    case 'hand-over':
      return [[`${node.place}.hand_over.to`, node.block.to]];
    case 'sub-procedure':
      return [[`${node.place}.sub_procedure.intake`, node.block.intake]];
  }
}

/** Checks that a performer is well formed and names an agency or function that exists. */
export function checkPerformer(
  performer: Performer | undefined,
  place: string,
  known: Known,
  problems: Problems,
  blockKey = '',
): void {
  const complain = (reason: string, message: string) => problems.error(reason, place, message, blockKey);
  const who = performer?.performer;
  if (who === undefined) {
    complain(
      'PERFORMER_MISSING',
      'no performer is named; use intake, competent, a tier above or a function of either, or agency_id',
    );
  } else if (who.$case === 'ancestor' || who.$case === 'competentAncestor') {
    if (tierName(who.value) === '') complain('TIER_INVALID', `${who.value} is not a tier`);
  } else if (who.$case === 'function' || who.$case === 'competentFunction') {
    if (who.value.length > LIMITS.key || !FUNCTION.test(who.value)) {
      complain(
        'FUNCTION_INVALID',
        'a function is named by lower-case words joined by hyphens, for example land',
      );
    } else if (known.functions?.has(who.value) === false) {
      complain(
        'FUNCTION_UNKNOWN',
        `no agency holds the function ${who.value}; give it to one in the directory first`,
      );
    }
  } else if (who.$case === 'agencyId') {
    if (!UUID.test(who.value)) complain('AGENCY_UNKNOWN', 'an agency is named by its stable id, a UUID');
    else if (known.agency?.(who.value) === false)
      complain('AGENCY_UNKNOWN', `there is no agency ${who.value}`);
  }
}

/** Checks that an intake agency of this tier can have the performer's tier above it. */
export function checkAncestor(
  performer: Performer | undefined,
  intakeTier: Tier,
  place: string,
  known: Known,
  problems: Problems,
  blockKey = '',
): void {
  const who = performer?.performer;
  if (who?.$case !== 'ancestor' || tierName(who.value) === '') return;
  if (tiersFrom(intakeTier, known.hasTierAbove).includes(who.value)) return;
  const [above, intake] = [tierName(who.value), tierName(intakeTier)];
  const why = `no agency of tier ${intake} has one of tier ${above} above it`;
  const message = `no agency performs this for a dossier taken in there: ${why}; name a function, or choose by intake_tier`;
  problems.error('PERFORMER_IMPOSSIBLE', place, message, blockKey);
}
