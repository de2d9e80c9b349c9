import { encode } from 'uqr';

/** A QR code as the places of its dark squares, quiet zone included. */
export function qrOf(text: string): { size: number; squares: { x: number; y: number }[] } {
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [{ x, y }] : [])));
  return { size, squares };
}
