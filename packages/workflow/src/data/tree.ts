/** Paths of data: `area_m2`, `owner.name`, `household[2].identity.number`. */

export type Data = Readonly<Record<string, string>>;

/** What stands at a path. A path of a wrong form is a part with that path as its key, which no field has. */
export interface DataNode {
  text?: string;
  parts: Map<string, DataNode>;
  rows: Map<number, DataNode>;
}

const PATH = /^[a-z0-9_]+(?:\[(?:0|[1-9]\d{0,3})\])?(?:\.[a-z0-9_]+(?:\[(?:0|[1-9]\d{0,3})\])?)*$/;
/** Characters of a path. */
const MAX_PATH = 300;
const STEP = /([a-z0-9_]+)|\[(\d+)\]/g;

export function toTree(data: Data): DataNode {
  const root = createNode();
  for (const [path, text] of Object.entries(data)) {
    let node = root;
    if (path.length > MAX_PATH || !PATH.test(path)) node = enter(node.parts, path);
    else
      for (const [, key, row] of path.matchAll(STEP))
        node = key === undefined ? enter(node.rows, Number(row)) : enter(node.parts, key);
    node.text = text;
  }
  return root;
}

const createNode = (): DataNode => ({ parts: new Map(), rows: new Map() });

function enter<K>(nodes: Map<K, DataNode>, key: K): DataNode {
  const found = nodes.get(key) ?? createNode();
  nodes.set(key, found);
  return found;
}

/** The trimmed text in NFC; undefined when it is absent or empty. */
export const textOf = ({ text }: DataNode): string | undefined => normalise(text);

/** True when there is a text at the path or below it. */
export const isGiven = (node: DataNode): boolean =>
  textOf(node) !== undefined || [...node.parts.values(), ...node.rows.values()].some(isGiven);

/** The trimmed text at a path in NFC; undefined when it is absent or empty. */
export const stated = (data: Data, path: string): string | undefined =>
  Object.hasOwn(data, path) ? normalise(data[path]) : undefined;

/** The number of rows of a group in data as `parseData` keeps it. */
export function countRows(data: Data, path: string): number {
  let count = 0;
  const begin = `${path}[`;
  for (const key of Object.keys(data))
    if (key.startsWith(begin)) count = Math.max(count, Number.parseInt(key.slice(begin.length), 10) + 1);
  return count;
}

/** True for a path and for what is in it: its fields and rows. */
export const isWithin = (path: string, around: string): boolean =>
  path.startsWith(around) && ['', '.', '['].includes(path.charAt(around.length));

/** True when some text stands at a path, or in it. */
export const isStated = (data: Data, path: string): boolean =>
  Object.keys(data).some((key) => isWithin(key, path));

/** A path without numbers of rows, as fields are declared: `household.identity.number`. */
export const declaredPath = (path: string): string => path.replaceAll(/\[\d+\]/g, '');

function normalise(text: string | undefined): string | undefined {
  const trimmed = text?.normalize('NFC').trim();
  return trimmed === '' ? undefined : trimmed;
}
