import type { Face } from './faces.ts';

/** Text of one face, without line ends. */
export interface Piece {
  text: string;
  face: Face;
  width: number;
}

export interface Line {
  pieces: Piece[];
  width: number;
}

export type Measure = (text: string, face: Face) => number;

const letters = new Intl.Segmenter('vi', { granularity: 'grapheme' });

/** Breaks text into lines no wider than `width`: between words, and within a word only when it alone is wider. */
export function wrap(runs: readonly { text: string; face: Face }[], width: number, measure: Measure): Line[] {
  const lines: Line[] = [{ pieces: [], width: 0 }];
  let line = lines[0] as Line;
  const next = () => {
    line = { pieces: [], width: 0 };
    lines.push(line);
  };
  const put = (text: string, face: Face, wide: number) => {
    const last = line.pieces.at(-1);
    if (last?.face === face) {
      last.text += text;
      last.width += wide;
    } else line.pieces.push({ text, face, width: wide });
    line.width += wide;
  };
  for (const { text, face } of runs) {
    text.split('\n').forEach((paragraph, index) => {
      if (index > 0) next();
      for (const [token] of paragraph.matchAll(/[^ ]+ *| +/g)) {
        const word = token.replace(/ +$/, '');
        const wide = measure(word, face);
        if (line.width > 0 && line.width + wide > width) next();
        if (wide <= width) {
          put(token, face, word === token ? wide : measure(token, face));
          continue;
        }
        for (const { segment } of letters.segment(token)) {
          const one = measure(segment, face);
          if (line.width > 0 && line.width + one > width) next();
          put(segment, face, one);
        }
      }
    });
  }
  return lines;
}
