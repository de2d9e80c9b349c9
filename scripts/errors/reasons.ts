/** Reads from the sources which reasons a call can be refused with. */
import type { ErrorKind } from '@lienthong/kit/pure';
import { parseAst } from 'rolldown/parseAst';

/** A place in the sources that gives a reason. */
export interface ReasonUse {
  reason: string;
  /** Undefined: of a wrong field, or decided elsewhere. */
  kind: ErrorKind | undefined;
  /** What the message says, `…` for what is filled in. */
  text: string | undefined;
}

interface Node {
  type: string;
  start: number;
  [key: string]: unknown;
}

export const REASON = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;

/** Functions that make a refusal of one kind from a reason and a message. */
const KIND_OF_CALL: Readonly<Record<string, ErrorKind>> = {
  precondition: 'failed-precondition',
  denied: 'permission-denied',
  notFound: 'not-found',
};

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value;

/** Every reason that a source file gives, in its order. */
export function reasonsIn(source: string): ReasonUse[] {
  const found: ReasonUse[] = [];
  const values = new Map<string, { start: number; value: Node }[]>();
  const nodes = [...walk(parseAst(source, { lang: 'ts' }) as unknown as Node)];
  for (const node of nodes)
    if (node.type === 'VariableDeclarator' && isNode(node.init)) {
      const { name } = node.id as { name?: string };
      if (name !== undefined)
        values.set(name, [...(values.get(name) ?? []), { start: node.start, value: node.init }]);
    }
  for (const node of nodes) {
    if (node.type === 'ObjectExpression') found.push(...inObject(node));
    if (node.type === 'CallExpression') found.push(...inList(node.arguments as Node[], nameOf(node)));
    if (node.type === 'ArrayExpression')
      found.push(...inList((node.elements as (Node | null)[]).filter(isNode)));
    if (node.type === 'PropertyDefinition' && (node.key as { name?: string }).name === 'reason')
      for (const reason of textsOf(node.value as Node))
        found.push({ reason, kind: undefined, text: undefined });
  }
  return found;

  function inObject(node: Node): ReasonUse[] {
    const at = new Map<string, Node>();
    for (const property of node.properties as Node[]) {
      const key = property.key as { name?: string; value?: string } | undefined;
      const name = key?.name ?? String(key?.value ?? '');
      if (property.type === 'Property' && name !== undefined) at.set(name, property.value as Node);
    }
    const [kind] = textsOf(at.get('kind'));
    const text = joined(at.get('message') ?? at.get('description') ?? at.get('error'));
    // An issue of a zod schema has its reason in `params`.
    const params = resolved(at.get('params'));
    const given = at.get('reason') ?? (params && property(params, 'reason'));
    const named = [...at].filter(([key]) => key.endsWith('Reason')).map(([, value]) => value);
    return [given, ...named]
      .flatMap(textsOf)
      .filter((reason) => REASON.test(reason))
      .map((reason) => ({ reason, kind: kind as ErrorKind | undefined, text }));
  }

  /** A reason and its words one after the other, as arguments or as a pair. */
  function inList(items: readonly Node[], callee = ''): ReasonUse[] {
    const reasons = items.flatMap(textsOf).filter((text) => REASON.test(text));
    const [text] = items.map(joined).filter((one) => one?.includes(' '));
    const kind = KIND_OF_CALL[callee];
    // A list of names only is no pair.
    if (text === undefined && callee === '') return [];
    return reasons.map((reason) => ({ reason, kind, text }));
  }

  function property(node: Node, name: string): Node | undefined {
    if (node.type !== 'ObjectExpression') return undefined;
    const found = (node.properties as Node[]).find(({ key }) => (key as { name?: string })?.name === name);
    return found?.value as Node | undefined;
  }

  /** What the last constant of that name above is, else the first one below. */
  function resolved(node: Node | undefined): Node | undefined {
    if (node?.type !== 'Identifier') return node;
    const all = values.get(node.name as string) ?? [];
    return (all.findLast(({ start }) => start < node.start) ?? all[0])?.value;
  }

  /** The texts that an expression can be. */
  function textsOf(node: Node | undefined): string[] {
    switch (node?.type) {
      case 'Literal':
        return typeof node.value === 'string' ? [node.value] : [];
      case 'TemplateLiteral':
        return [(node.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked).join('…')];
      case 'ConditionalExpression':
        return [...textsOf(node.consequent as Node), ...textsOf(node.alternate as Node)];
      case 'TSAsExpression':
        return textsOf(node.expression as Node);
      case 'BinaryExpression': {
        const [left = '…', right = '…'] = [node.left, node.right].map((one) => textsOf(one as Node)[0]);
        return node.operator === '+' ? [left + right] : [];
      }
      case 'Identifier': {
        const value = resolved(node);
        return value === node || value?.type === 'Identifier' ? [] : textsOf(value);
      }
      default:
        return [];
    }
  }

  function joined(node: Node | undefined): string | undefined {
    const texts = textsOf(node).filter((text) => !REASON.test(text));
    return texts.length === 0 ? undefined : texts.join(' / ');
  }
}

const nameOf = ({ callee }: Node): string => (callee as { name?: string }).name ?? 'a method';

function* walk(node: Node): Generator<Node> {
  yield node;
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* walk(child);
}
