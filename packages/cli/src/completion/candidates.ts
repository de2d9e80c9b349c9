import type { Command, Option } from 'commander';

/**
 * What may stand in place of the last word.
 * @param words after `lienthong`; the last one is being typed, and may be empty
 */
export function candidatesFor(program: Command, words: readonly string[]): string[] {
  const typed = words.at(-1) ?? '';
  let command = program;
  let expecting: Option | undefined;
  for (const word of words.slice(0, -1)) {
    if (expecting) {
      expecting = undefined;
      continue;
    }
    const option = optionsOf(command).find(({ long, short }) => word === long || word === short);
    if (option?.required) expecting = option;
    command = visible(command).find((one) => one.name() === word) ?? command;
  }
  // A file, where a file is expected: the shell completes it.
  if (expecting) return starting(expecting.argChoices ?? [], typed);
  if (typed.startsWith('-'))
    return starting(
      optionsOf(command).map(({ long }) => long ?? ''),
      typed,
    );
  return starting(
    visible(command).map((one) => one.name()),
    typed,
  );
}

const visible = (command: Command): readonly Command[] => command.createHelp().visibleCommands(command);

function optionsOf(command: Command): readonly Option[] {
  const help = command.createHelp();
  return [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)];
}

const starting = (words: readonly string[], typed: string): string[] =>
  words.filter((word) => word !== '' && word.startsWith(typed));
