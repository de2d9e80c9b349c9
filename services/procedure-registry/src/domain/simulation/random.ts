/** A stream of random numbers that a seed determines, the same on every machine (sfc32, by Chris Doty-Humphrey). */
export interface Random {
  /** A number from 0 (inclusive) to 1 (exclusive). */
  next(): number;
}

/** @param seed 64 bits */
export function random(seed: bigint): Random {
  const bits = BigInt.asUintN(64, seed);
  let a = Number(bits & 0xffff_ffffn) | 0;
  let b = Number(bits >> 32n) | 0;
  let c = 0x9e37_79b9 | 0;
  let counter = 1;
  function next(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  }
  // Similar seeds give similar first numbers, so these are dropped.
  for (let i = 0; i < 12; i += 1) next();
  return { next };
}

/** Draws indexes in proportion to their weights. No weight is negative, and at least one is positive. */
export function drawer(weights: readonly number[], { next }: Random): () => number {
  const sums = new Float64Array(weights.length);
  let total = 0;
  weights.forEach((weight, i) => {
    total += weight;
    sums[i] = total;
  });
  return () => {
    const at = next() * total;
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sums[middle] as number) > at) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
