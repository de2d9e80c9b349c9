import type { Definition, DrawWorkflowRequest, DrawWorkflowResponse } from '@lienthong/contracts/registry';
import { type CallInfo, field, invalid, parse, refuse } from '@lienthong/kit';
import { draw } from '@lienthong/workflow';
import { z } from 'zod';
import { definitionOf } from '../domain/procedure.ts';
import { definitionIn, type Edge, visibleVersion } from './edge.ts';

const schema = z.object({ procedureId: field.uuid });

export function drawWorkflow(edge: Edge) {
  return async ({ subject }: DrawWorkflowRequest, info: CallInfo): Promise<DrawWorkflowResponse> => ({
    mermaid: draw(await subjectOf(edge, subject, info)),
  });
}

/** The definition a request is about: of a version that is kept, or one that is not. */
export async function subjectOf(
  edge: Edge,
  subject: DrawWorkflowRequest['subject'],
  info: CallInfo,
): Promise<Definition> {
  if (subject === undefined)
    return refuse(
      invalid([
        {
          field: 'subject',
          description: 'must be a procedure_id or a definition',
          reason: 'ONE_OF_REQUIRED',
        },
      ]),
    );
  if (subject.$case === 'definition') return definitionIn(subject.value);
  const { procedureId } = parse(schema, { procedureId: subject.value });
  return definitionOf(await visibleVersion(edge, procedureId, info));
}
