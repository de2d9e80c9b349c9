type Labels = Readonly<Record<string, string>>;

interface Sample {
  name: string;
  labels: Labels;
  value: number;
}

const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)",?/y;

/** Prometheus' text format 0.0.4. @throws when a line is not of the format, or a sample comes before its type */
function parse(text: string) {
  const types = new Map<string, string>();
  const samples: Sample[] = [];
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const [, name, type] = /^# TYPE (\S+) (counter|gauge|histogram|summary|untyped)$/.exec(line) ?? [];
    if (name && type) types.set(name, type);
    if (line.startsWith('#')) continue;
    const sample = sampleOf(line);
    const family = sample.name.replace(/_(bucket|sum|count)$/, '');
    if (!types.has(sample.name) && !types.has(family)) throw new Error(`${sample.name} has no type`);
    samples.push(sample);
  }
  return { types, samples };
}

function sampleOf(line: string): Sample {
  const [, name = '', inBraces = '', number = ''] = SAMPLE.exec(line) ?? [];
  const value = number === '+Inf' ? Number.POSITIVE_INFINITY : Number(number);
  if (name === '' || number === '' || Number.isNaN(value)) throw new Error(`not a sample: ${line}`);
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  let end = 0;
  for (let found = LABEL.exec(inBraces); found; found = LABEL.exec(inBraces)) {
    labels[found[1] as string] = found[2] as string;
    end = LABEL.lastIndex;
  }
  if (end !== inBraces.length) throw new Error(`not a list of labels: ${inBraces}`);
  return { name, labels, value };
}

/** What `http://address/metrics` shows now. */
export async function scrape(address: string, protocol: 'http' | 'https' = 'http') {
  const response = await fetch(`${protocol}://${address}/metrics`);
  const type = response.headers.get('content-type') ?? '';
  if (!response.ok || !type.startsWith('text/plain')) throw new Error(`${response.status} ${type}`);
  const { types, samples } = parse(await response.text());
  return {
    names: () => [...types.keys()],
    type: (name: string) => types.get(name),
    values: (name: string): number[] => samples.filter((one) => one.name === name).map(({ value }) => value),
    /** Names of the labels of its samples; undefined when there is no sample. */
    labels: (name: string): ReadonlySet<string> | undefined => {
      const found = samples.filter((one) => one.name === name);
      return found.length === 0 ? undefined : new Set(found.flatMap(({ labels }) => Object.keys(labels)));
    },
    /** Of the first sample with the name and at least these labels. */
    value: (name: string, labels: Labels = {}): number | undefined =>
      samples.find(
        (one) =>
          one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value),
      )?.value,
  };
}
