/**
 * A map that never changes: `with` returns the next one, which shares the entries that stay. Entries lie in layers, each
 * larger than the one above it, as a new layer absorbs those that are not larger: a read looks into a logarithmic number
 * of layers, and n writes together copy n log n entries.
 */
export class ImmutableMap<K, V extends NonNullable<unknown>> {
  /** Newest first. */
  readonly #layers: readonly ReadonlyMap<K, V>[];

  private constructor(layers: readonly ReadonlyMap<K, V>[]) {
    this.#layers = layers;
  }

  static from<K, V extends NonNullable<unknown>>(
    entries: Iterable<readonly [K, V]> = [],
  ): ImmutableMap<K, V> {
    return new ImmutableMap([new Map(entries)]);
  }

  get(key: K): V | undefined {
    for (const layer of this.#layers) {
      const value = layer.get(key);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  has(key: K): boolean {
    return this.#layers.some((layer) => layer.has(key));
  }

  with(entries: Iterable<readonly [K, V]>): ImmutableMap<K, V> {
    let top = new Map(entries);
    if (top.size === 0) return this;
    let absorbed = 0;
    for (const layer of this.#layers) {
      if (layer.size > top.size) break;
      top = new Map([...layer, ...top]);
      absorbed += 1;
    }
    return new ImmutableMap([top, ...this.#layers.slice(absorbed)]);
  }

  /** Each key once, with its newest value; costs as much as a copy. */
  entries(): Map<K, V> {
    return new Map(this.#layers.toReversed().flatMap((layer) => [...layer]));
  }
}
