type Path = readonly (string | number)[];

const dotted = (path: Path): string =>
  path.reduce<string>((at, key) => {
    if (typeof key === 'number') return `${at}[${key}]`;
    return at === '' ? key : `${at}.${key}`;
  }, '');

/** A path in a document as text: "workflow.sequence[2].step.name". */
export const documentPlace = dotted;

/** The path in a document that a place of the proto message stands for: `protoPlace` backwards. */
export function documentPath(place: string): (string | number)[] {
  const path = [...place.matchAll(/[^.[\]]+/g)].map(([key]) => (/^\d+$/.test(key) ? Number(key) : key));
  if (path[0] !== 'workflow') return path;
  return path.filter(
    (key, i) => !(key === 'root' && i === 1) && !(key === 'blocks' && path[i - 1] === 'sequence'),
  );
}

/** The same place in the proto message: there a workflow has a root, and a sequence its blocks. */
export function protoPlace(path: Path): string {
  if (path[0] !== 'workflow') return dotted(path);
  return dotted([
    'workflow',
    'root',
    ...path.slice(1).flatMap((key) => (key === 'sequence' ? ['sequence', 'blocks'] : [key])),
  ]);
}
