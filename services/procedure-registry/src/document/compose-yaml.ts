import { Composer, type CST, type Document, Lexer, LineCounter, Parser } from 'yaml';

/** The limit of nested lists and maps; a workflow of the greatest depth stays below. */
const MAX_NESTING = 200;
/** The limit of one list or map: the search for duplicate keys takes time in the square of their number. */
const MAX_ITEMS = 2000;

export interface ComposedYaml {
  documents: readonly Document.Parsed[];
  /** The line, from 1, of an offset in the text. */
  lineAt(offset: number): number;
}

export type TooMuch = { reason: string; message: string; line: number };

/**
 * The documents of a YAML 1.2 stream. Composing is recursive, and slow on very large collections, so this stops at the first
 * token that exceeds a limit.
 */
export function composeYaml(text: string): ComposedYaml | TooMuch {
  const lines = new LineCounter();
  const lineAt = (offset: number) => lines.linePos(offset).line;
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    const { stack, offset } = parser;
    if (stack.length > MAX_NESTING)
      return {
        reason: 'YAML_TOO_DEEP',
        message: `nests lists and maps more than ${MAX_NESTING} levels deep`,
        line: lineAt(offset),
      };
    const top = stack.at(-1);
    if (top && 'items' in top && top.items.length > MAX_ITEMS)
      return {
        reason: 'TOO_MANY',
        message: `a list or map has more than ${MAX_ITEMS} items`,
        line: lineAt(top.offset),
      };
  }
  tokens.push(...parser.end());
  const composer = new Composer({ version: '1.2', schema: 'core', logLevel: 'silent' });
  return { documents: [...composer.compose(tokens)] as Document.Parsed[], lineAt };
}
