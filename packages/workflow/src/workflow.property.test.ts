import { Definition, Effect } from '@lienthong/contracts/registry';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { begin, complete, openings, sendBack } from './advance.ts';
import { anyWorkflow, anyWorkflowWithoutReturns } from './arbitrary.ts';
import { checkDefinition } from './check/check.ts';
import { compile } from './compile.ts';
import { draw } from './draw/draw.ts';
import { minutesOf } from './duration.ts';
import { type CompiledWorkflow, type Node, within } from './model.ts';
import { longest, shortest } from './paths.ts';
import type { Opening, Position, Progress } from './position.ts';
import { isError } from './problem.ts';
import type { Result } from './result.ts';
import { facts } from './testing.ts';

const RUNS = { numRuns: 250 };
const choices = fc.infiniteStream(fc.nat(1_000_000));
const dossier = fc
  .record({
    urgent: fc.boolean(),
    floors: fc.integer({ min: 0, max: 12 }),
    channel: fc.constantFrom(1, 2, 3),
  })
  .map(({ urgent, floors, channel }) => facts({ urgent: `${urgent}`, floors: `${floors}` }, { channel }));

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.refusal.reason}: ${result.refusal.message}`);
  return result.value;
}

type Move = { opening: Opening; to: string } | { opening: Opening; outcome: string };

function movesOf(workflow: CompiledWorkflow, position: Position): Move[] {
  return (openings(workflow, position) ?? []).flatMap((opening): Move[] => {
    if (opening.kind !== 'step') return [{ opening, outcome: '' }];
    return [
      ...opening.block.outcomes.map(({ key }) => ({ opening, outcome: key })),
      ...opening.block.returns.map(({ to }) => ({ opening, to })),
    ];
  });
}

const make = (workflow: CompiledWorkflow, position: Position, move: Move, dossierFacts = facts()) =>
  'to' in move
    ? sendBack(workflow, position, move.opening.id, move.to)
    : complete(workflow, position, move.opening.id, move.outcome, dossierFacts);

const returnsOf = ({ leaves }: CompiledWorkflow): number =>
  leaves.reduce(
    (sum, one) => sum + (one.kind === 'step' ? one.block.returns.reduce((n, r) => n + r.atMost, 0) : 0),
    0,
  );

/** What holds in every position, whatever moves led there. */
function expectSound({ root, nodes }: CompiledWorkflow, position: Position): void {
  expect(JSON.parse(JSON.stringify(position))).toStrictEqual(position);
  const ids = position.open.map((one) => one.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(Math.max(0, ...ids)).toBeLessThan(position.next);
  const open = position.open.map(({ key }) => nodes.get(key) as Node);
  expect(open.filter((node) => node.lead).length).toBeLessThanOrEqual(1);
  const busy = (node: Node) => open.some((leaf) => within(leaf, node));
  const visit = (node: Node): void => {
    if (!('children' in node)) return;
    const working = node.children.filter(busy);
    if (node.kind !== 'parallel') expect(working.length).toBeLessThanOrEqual(1);
    if (node.kind === 'choice' && working[0]) expect(position.choices[node.key]).toBe(working[0].slot);
    if (node.kind === 'parallel') {
      const done = Object.hasOwn(position.joins, node.key) ? position.joins[node.key] : undefined;
      expect(done !== undefined).toBe(working.length > 0);
      if (done !== undefined) {
        const all = [...done, ...working.map((child) => child.slot)].sort((a, b) => a - b);
        expect(all).toEqual(node.children.map((_, i) => i));
        if (node.join === 'first') expect(done).toEqual([]);
        if (node.join === 'lead') expect(done).not.toContain(node.leading);
      }
    }
    node.children.forEach(visit);
  };
  visit(root);
}

test('valid moves in any order end, within a bound, through sound positions', () => {
  const property = fc.property(anyWorkflow, choices, dossier, (workflow, random, about) => {
    const budget = (workflow.leaves.length + 1) * (returnsOf(workflow) + 1);
    const everOpened = new Set<number>();
    const over = new Set<number>();
    let progress = must(begin(workflow, about));
    for (let moves = 0; ; moves += 1) {
      const { position, opened, closed, end } = progress;
      expectSound(workflow, position);
      for (const { id } of opened) {
        expect(everOpened.has(id)).toBe(false);
        everOpened.add(id);
      }
      for (const id of closed) over.add(id);
      expect(new Set(position.open.map((one) => one.id))).toEqual(everOpened.difference(over));
      expect(end !== undefined).toBe(position.open.length === 0);
      if (end !== undefined) break;
      expect(moves).toBeLessThan(budget);
      const possible = movesOf(workflow, position);
      const move = possible[random.next().value % possible.length] as Move;
      const before = structuredClone(position);
      const result = make(workflow, position, move, about);
      expect(make(workflow, position, move, about)).toStrictEqual(result);
      expect(position).toStrictEqual(before);
      if (result.ok) {
        over.add(move.opening.id);
        progress = result.value;
        continue;
      }
      // Only a return may be refused: used up, or to where a choice did not lead.
      expect('to' in move).toBe(true);
      expect(['RETURN_EXHAUSTED', 'RETURN_NOT_ALLOWED']).toContain(result.refusal.reason);
      progress = must(complete(workflow, position, move.opening.id, firstOutcome(move.opening), about));
      over.add(move.opening.id);
    }
    expect([...everOpened].sort((a, b) => a - b)).toEqual(Array.from(everOpened, (_, i) => i + 1));
  });
  fc.assert(property, RUNS);
});

const firstOutcome = (opening: Opening): string =>
  opening.kind === 'step' ? (opening.block.outcomes[0]?.key ?? '') : '';

test('from every position, the usual outcomes lead to the end', () => {
  const property = fc.property(
    anyWorkflow,
    choices,
    dossier,
    fc.nat(20),
    (workflow, random, about, moves) => {
      let progress = must(begin(workflow, about));
      const play = (move: Move): void => {
        const result = make(workflow, progress.position, move, about);
        if (result.ok) progress = result.value;
      };
      for (let i = 0; i < moves && progress.end === undefined; i += 1) {
        const possible = movesOf(workflow, progress.position);
        play(possible[random.next().value % possible.length] as Move);
      }
      for (let i = 0; progress.end === undefined; i += 1) {
        expect(i).toBeLessThan(workflow.leaves.length);
        const all = openings(workflow, progress.position) ?? [];
        const opening = all[random.next().value % all.length] as Opening;
        progress = must(complete(workflow, progress.position, opening.id, firstOutcome(opening), about));
      }
    },
  );
  fc.assert(property, RUNS);
});

/** Lets every block take all its time: what is due first is done first. */
function runByTheClock(workflow: CompiledWorkflow, about: ReturnType<typeof facts>, random: () => number) {
  const due = new Map<number, number>();
  let now = 0;
  let progress: Progress = must(begin(workflow, about));
  const schedule = () => {
    for (const opening of progress.opened) {
      const limit = opening.kind === 'sub-procedure' ? undefined : opening.block.timeLimit;
      due.set(opening.id, now + minutesOf(limit));
    }
  };
  schedule();
  while (progress.end === undefined) {
    const all = openings(workflow, progress.position) ?? [];
    const next = all.reduce((a, b) => ((due.get(b.id) ?? 0) < (due.get(a.id) ?? 0) ? b : a));
    now = due.get(next.id) ?? 0;
    const outcomes = next.kind === 'step' ? next.block.outcomes.map((one) => one.key) : [''];
    const outcome = outcomes[random() % outcomes.length] ?? '';
    progress = must(complete(workflow, progress.position, next.id, outcome, about));
    schedule();
  }
  return { minutes: now, end: progress.end };
}

test('every run takes at most the longest and, when it finishes, at least the shortest way', () => {
  const property = fc.property(anyWorkflowWithoutReturns, choices, dossier, (workflow, random, about) => {
    const { minutes, end } = runByTheClock(workflow, about, () => random.next().value);
    expect(minutes).toBeLessThanOrEqual(longest(workflow).minutes);
    if (end === 'finished') expect(minutes).toBeGreaterThanOrEqual(shortest(workflow).minutes);
    const known = { data: about.data, channel: about.channel as 1, intakeTier: 5 as const };
    expect(longest(workflow, known).minutes).toBeLessThanOrEqual(longest(workflow).minutes);
    expect(minutes).toBeLessThanOrEqual(longest(workflow, known).minutes);
  });
  fc.assert(property, RUNS);
});

test('what passes the check never finishes without a result', () => {
  let finished = 0;
  const property = fc.property(anyWorkflow, choices, dossier, (workflow, random, about) => {
    const reasons = checkDefinition(workflow.definition).map((problem) => problem.reason);
    const sound = !reasons.includes('RESULT_MISSING') && !reasons.includes('RESULT_NOT_PRODUCED');
    fc.pre(sound);
    let made = false;
    let progress = must(begin(workflow, { ...about, channel: 1 }));
    while (progress.end === undefined) {
      const possible = movesOf(workflow, progress.position).filter((move) => 'outcome' in move);
      const move = possible[random.next().value % possible.length] as Move;
      made ||= move.opening.kind === 'step' && move.opening.block.produces.length > 0;
      progress = must(make(workflow, progress.position, move, { ...about, channel: 1 }));
    }
    if (progress.end !== 'finished') return;
    finished += 1;
    expect(made).toBe(true);
  });
  fc.assert(property, RUNS);
  expect(finished).toBeGreaterThan(0);
});

test('every drawing is well-formed: what an arrow touches is there, frames close', () => {
  const property = fc.property(anyWorkflow, fc.string({ unit: 'binary' }), ({ definition }, name) => {
    const text = draw({ ...definition, workflow: renamed(definition, name) });
    const lines = text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
    const boxes = lines.filter((line) => /^(start|finish|refused|n\d+j?)[^\w ]/.test(line));
    const drawn = new Set(boxes.map((line) => /^\w+/.exec(line)?.[0]));
    const edges = lines.filter((line) => /^\w+ (-->|==>|-\.->)/.test(line));
    expect(boxes.length + edges.length + 2 * lines.filter((line) => line === 'end').length).toBe(
      lines.length,
    );
    expect(lines.filter((line) => line.startsWith('subgraph ')).length).toBe(
      lines.filter((line) => line === 'end').length,
    );
    for (const line of edges) {
      const [from, to] = [/^\w+/.exec(line)?.[0], / (\w+)$/.exec(line)?.[1]];
      expect(drawn.has(from) && drawn.has(to)).toBe(true);
    }
    for (const line of boxes) expect(line.split('"').length).toBe(3);
  });
  fc.assert(property, { numRuns: 100 });
});

test('whatever a definition says is answered, and what the check finds sound compiles', () => {
  const damage = fc.tuple(
    fc.nat(),
    fc.constantFrom<unknown>('', 'a', 'nhận', '\u0000', -1, 7, 1e6, true, [], {}, null),
  );
  let sound = 0;
  const property = fc.property(anyWorkflow, fc.array(damage, { maxLength: 3 }), ({ definition }, damages) => {
    const json = Definition.toJSON(definition) as object;
    for (const [where, value] of damages) damaged(json, where, value);
    const whole = read(json);
    if (whole === undefined) return;
    const errors = checkDefinition(whole).filter(isError);
    const compiled = compile(whole);
    draw(whole);
    if (errors.length === 0) {
      sound += 1;
      expect(compiled.ok).toBe(true);
    }
    for (const { reason, place, message } of errors) expect([reason, place, message]).not.toContain('');
  });
  fc.assert(property, RUNS);
  expect(sound).toBeGreaterThan(0);
});

/** Puts a value in the place of one that is somewhere in the object. */
function damaged(json: object, where: number, value: unknown): void {
  const places: (() => void)[] = [];
  const visit = (object: Record<string, unknown>): void => {
    for (const [key, inner] of Object.entries(object)) {
      places.push(() => {
        object[key] = value;
      });
      if (typeof inner === 'object' && inner !== null) visit(inner as Record<string, unknown>);
    }
  };
  visit(json as Record<string, unknown>);
  places[where % places.length]?.();
}

/** Undefined for what protobuf itself does not read. */
function read(json: object): Definition | undefined {
  try {
    return Definition.decode(Definition.encode(Definition.fromJSON(json)).finish());
  } catch {
    return undefined;
  }
}

function renamed({ workflow }: Definition, name: string): Definition['workflow'] {
  const copy = structuredClone(workflow);
  const queue = [copy?.root];
  for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
    const inner = one.block;
    if (inner?.$case === 'step') {
      inner.value.name = name;
      for (const outcome of inner.value.outcomes) {
        outcome.name = name;
        outcome.effect ||= Effect.CONTINUE;
      }
    }
    if (inner?.$case === 'sequence') queue.push(...inner.value.blocks);
    if (inner?.$case === 'parallel') queue.push(...inner.value.branches.map((branch) => branch.block));
  }
  return copy;
}
