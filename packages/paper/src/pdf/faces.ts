import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export type Face = 'regular' | 'bold' | 'italic';

/** Tinos has the character widths of Times New Roman, which NĐ 30/2020/NĐ-CP requires, and every Vietnamese letter. */
const FILES: Record<Face, string> = {
  regular: '400Regular/Tinos_400Regular.ttf',
  bold: '700Bold/Tinos_700Bold.ttf',
  italic: '400Regular_Italic/Tinos_400Regular_Italic.ttf',
};

const { resolve } = createRequire(import.meta.url);
const loaded = new Map<Face, Buffer>();

/** The font file, read once per process. */
export function fontFile(face: Face): Buffer {
  const cached = loaded.get(face);
  if (cached) return cached;
  const file = readFileSync(resolve(`@expo-google-fonts/tinos/${FILES[face]}`));
  loaded.set(face, file);
  return file;
}

export const faceOrRegular = (face: 'bold' | 'italic' | undefined): Face => face ?? 'regular';
