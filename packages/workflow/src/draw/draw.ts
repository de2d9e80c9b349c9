/** A workflow as a Mermaid flowchart. */
import { type Definition, Effect } from '@lienthong/contracts/registry';
import { build } from '../build.ts';
import { tooLarge } from '../limits.ts';
import type { ChoiceNode, LeafNode, Node, ParallelNode } from '../model.ts';
import { Problems } from '../problem.ts';
import { JOINS, linesOf, type Names } from './words.ts';

/**
 * Draws a definition, also one that is not sound yet: it leaves out blocks without a kind. A definition beyond the limits
 * is drawn as one box with a message.
 */
export function draw(definition: Definition, names: Names = {}): string {
  if (tooLarge(definition) !== undefined)
    return 'flowchart TD\n  start["Quy trình quá lớn, không vẽ được"]\n';
  const { root } = build(definition, new Problems());
  const drawing: Drawing = { names, boxes: [], edges: [], indent: 1, ends: new Set() };
  box(drawing, 'start', '(["', 'Tiếp nhận hồ sơ', '"])');
  const exits = root === undefined ? [{ from: 'start' }] : place(drawing, root, [{ from: 'start' }]);
  connect(drawing, exits, 'finish');
  if (drawing.ends.has('finish')) box(drawing, 'finish', '(["', 'Kết thúc', '"])');
  if (drawing.ends.has('refused')) box(drawing, 'refused', '(["', 'Từ chối giải quyết', '"])');
  return `${['flowchart TD', ...drawing.boxes, ...drawing.edges].join('\n')}\n`;
}

interface Drawing {
  names: Names;
  /** Boxes and frames come before edges: Mermaid moves both ends of an edge into the frame that contains the edge. */
  boxes: string[];
  edges: string[];
  indent: number;
  ends: Set<string>;
}

/** The beginning of an arrow whose end is not drawn yet. */
interface Exit {
  from: string;
  label?: string;
  lead?: boolean;
}

// A key cannot be an id: Mermaid reserves words such as "end".
const idOf = (node: Node): string => `n${node.order}`;

/** Draws a block after some exits, and returns the exits of the block. */
function place(drawing: Drawing, node: Node, before: readonly Exit[]): Exit[] {
  switch (node.kind) {
    case 'sequence':
      return node.children.reduce<Exit[]>((exits, child) => place(drawing, child, exits), [...before]);
    case 'parallel':
      return placeParallel(drawing, node, before);
    case 'choice':
      return placeChoice(drawing, node, before);
    default:
      return placeLeaf(drawing, node, before);
  }
}

const SHAPES: Readonly<Record<LeafNode['kind'], readonly [string, string]>> = {
  step: ['["', '"]'],
  consultation: ['{{"', '"}}'],
  'hand-over': ['[/"', '"/]'],
  'sub-procedure': ['[["', '"]]'],
};

function placeLeaf(drawing: Drawing, node: LeafNode, before: readonly Exit[]): Exit[] {
  const id = idOf(node);
  const [open, close] = SHAPES[node.kind];
  box(drawing, id, open, linesOf(node, drawing.names), close);
  connect(drawing, before, id);
  if (node.kind !== 'step') return [{ from: id }];
  for (const { to, atMost } of node.returns.values()) {
    edge(drawing, id, '-.->', idOf(to), `trả lại, tối đa ${atMost} lần`);
  }
  const { outcomes } = node.block;
  const goingOn: string[] = [];
  for (const { key, name, effect } of outcomes) {
    const label = name === '' ? key : name;
    if (effect === Effect.FINISH) connect(drawing, [{ from: id, label }], 'finish');
    else if (effect === Effect.REFUSE) connect(drawing, [{ from: id, label }], 'refused');
    else goingOn.push(label);
  }
  if (outcomes.length > 0 && goingOn.length === 0) return [];
  return [outcomes.length > 1 ? { from: id, label: goingOn.join(' / ') } : { from: id }];
}

function placeParallel(drawing: Drawing, node: ParallelNode, before: readonly Exit[]): Exit[] {
  const [id, joined] = [idOf(node), `${idOf(node)}j`];
  line(drawing, `subgraph ${id}s[" "]`);
  drawing.indent += 1;
  box(drawing, id, '(("', 'Song song', '"))');
  connect(drawing, before, id);
  const exits = node.children.flatMap((child, i) =>
    place(drawing, child, [i === node.leading ? { from: id, label: 'chủ trì', lead: true } : { from: id }]),
  );
  box(drawing, joined, '(("', JOINS[node.join], '"))');
  connect(drawing, exits, joined);
  drawing.indent -= 1;
  line(drawing, 'end');
  return exits.length === 0 ? [] : [{ from: joined }];
}

function placeChoice(drawing: Drawing, node: ChoiceNode, before: readonly Exit[]): Exit[] {
  const id = idOf(node);
  box(drawing, id, '{"', 'Xét điều kiện', '"}');
  connect(drawing, before, id);
  const exits = node.children.flatMap((child, i) =>
    place(drawing, child, [{ from: id, label: node.conditions[i]?.text ?? 'còn lại' }]),
  );
  return node.otherwise === undefined ? [...exits, { from: id, label: 'còn lại' }] : exits;
}

function connect(drawing: Drawing, exits: readonly Exit[], to: string): void {
  if (exits.length > 0) drawing.ends.add(to);
  for (const { from, label, lead } of exits) edge(drawing, from, lead ? '==>' : '-->', to, label);
}

function edge({ edges }: Drawing, from: string, arrow: string, to: string, label?: string): void {
  edges.push(
    label === undefined ? `  ${from} ${arrow} ${to}` : `  ${from} ${arrow}|"${escaped(label)}"| ${to}`,
  );
}

function box(
  drawing: Drawing,
  id: string,
  open: string,
  text: string | readonly string[],
  close: string,
): void {
  line(drawing, `${id}${open}${[text].flat().map(escaped).join('<br/>')}${close}`);
}

const line = (drawing: Drawing, text: string): number =>
  drawing.boxes.push(`${'  '.repeat(drawing.indent)}${text}`);

/**
 * Writes characters that Mermaid, Markdown or HTML read as markup as `#number;`, which Mermaid shows as the character. So
 * are the beginnings of a list, "1." and "-".
 */
const escaped = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[#&<>"'`\\[\](){}|;*_~$%@^]/g, (character) => `#${character.charCodeAt(0)};`)
    .replace(/^(\d+)\./, '$1#46;')
    .replace(/^[-+]/, (sign) => `#${sign.charCodeAt(0)};`);
