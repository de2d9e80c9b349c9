import type { Block, Definition, Performer } from '@lienthong/contracts/registry';
import { blocksIn } from '@lienthong/workflow';

/** The procedures and agencies that a definition names. */
export interface References {
  /** Codes of its sub-procedures, each once. */
  calls: string[];
  /** Ids of the agencies it names, each once. */
  agencyIds: string[];
}

/** Of a definition of bounded depth. */
export function referencesOf(definition: Definition): References {
  const calls = new Set<string>();
  const agencyIds = new Set<string>();
  const named = (...performers: (Performer | undefined)[]) => {
    for (const one of performers)
      if (one?.performer?.$case === 'agencyId') agencyIds.add(one.performer.value.toLowerCase());
  };
  const visit = (given: Block | undefined): void => {
    if (given === undefined) return;
    const { block } = given;
    switch (block?.$case) {
      case 'step':
        named(block.value.performer);
        break;
      case 'consultation':
        named(block.value.lead, ...block.value.consulted);
        break;
      case 'handOver':
        named(block.value.to);
        break;
      case 'subProcedure':
        calls.add(block.value.procedureCode);
        named(block.value.intake);
        break;
      default:
        for (const inner of blocksIn(given)) visit(inner);
    }
  };
  const { executingAgency, decidingAgency, authorisedAgency, coordinatingAgencies } = definition;
  named(executingAgency, decidingAgency, authorisedAgency, ...coordinatingAgencies);
  visit(definition.workflow?.root);
  return { calls: [...calls].sort(), agencyIds: [...agencyIds].sort() };
}
