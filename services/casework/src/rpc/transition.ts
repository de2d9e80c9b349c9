import type { DossierStanding } from '@lienthong/contracts/casework';
import { type CallInfo, field, parse } from '@lienthong/kit';
import { z } from 'zod';
import type { Transition } from '../domain/decision/command.ts';
import { asked, type Edge } from './edge.ts';
import { dossierId } from './fields.ts';

interface Codec<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
}

/** What every transition answers. */
export interface Moved {
  standing: DossierStanding | undefined;
}

type Kind = Transition['kind'];
/** What a transition says, beside who says it and when. */
type Said<K extends Kind> = Omit<Extract<Transition, { kind: K }>, 'kind' | 'caller' | 'now' | 'dossierId'>;
type Shape = z.ZodRawShape;
type Unasked<T> = T extends Transition ? Omit<T, 'caller' | 'now'> : never;

/** One transition as a method: what it is called, how its request is read, what it answers with. */
export interface TransitionMethod<Q> {
  method: string;
  requestCodec: Codec<Q>;
  replyCodec: Codec<Moved>;
  /** @throws RefusalError with every wrong field */
  read(request: Q): { requestId: string; said: Unasked<Transition> };
}

interface Definition<K extends Kind, S extends Shape, Q> {
  method: string;
  kind: K;
  /** The fields of the request beside request_id and dossier_id. */
  fields: S;
  requestCodec: Codec<Q>;
  replyCodec: Codec<Moved>;
}

export function transitionMethod<K extends Kind, S extends Shape, Q>(
  definition: z.output<z.ZodObject<S>> extends Said<K> ? Definition<K, S, Q> : never,
): TransitionMethod<Q> {
  const { method, kind, fields, requestCodec, replyCodec } = definition as Definition<K, S, Q>;
  const schema = z.object({ requestId: field.uuid, dossierId, ...fields });
  return {
    method,
    requestCodec,
    replyCodec,
    read(request) {
      const { requestId, ...said } = parse(schema, request) as { requestId: string };
      return { requestId, said: { kind, ...said } as unknown as Unasked<Transition> };
    },
  };
}

/** Carries a transition out, alone or as one of many: in both cases the same request_id is the same request. */
export async function transit<Q>(
  edge: Edge,
  { method, requestCodec, replyCodec, read }: TransitionMethod<Q>,
  request: Q,
  info: CallInfo,
): Promise<Moved> {
  const at = asked(edge, info);
  const { requestId, said } = read(request);
  return edge.commands.execute({
    method,
    requestId,
    request,
    requestCodec,
    replyCodec,
    principal: info.principal,
    command: { ...said, ...at } as Transition,
  });
}

/** The handler of a transition's own method. */
export const transitionHandler =
  <Q>(edge: Edge, method: TransitionMethod<Q>) =>
  (request: Q, info: CallInfo): Promise<Moved> =>
    transit(edge, method, request, info);
