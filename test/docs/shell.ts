/** A word of a command as it is written, without its quotes; `isLiteral` if the shell changes nothing in it. */
export type Word = { readonly text: string; readonly isLiteral: boolean };

/** Ends of a command. */
const ENDS = new Set(["\n", ";", "|", "&", "(", ")", "{", "}"]);

/** Splits a script into its commands. Knows quotes, comments and continued lines, and leaves variables as they are written. */
export function commandsIn(script: string): Word[][] {
  const commands: Word[][] = [];
  let command: Word[] = [];
  let word: { text: string; isLiteral: boolean } | null = null;
  const endWord = () => {
    if (word !== null) command.push(word);
    word = null;
  };
  const add = (text: string, isLiteral: boolean) => {
    word = { text: (word?.text ?? "") + text, isLiteral: isLiteral && word?.isLiteral !== false };
  };
  for (let index = 0; index < script.length; index += 1) {
    const character = script.charAt(index);
    if (character === "\\") {
      index += 1;
      if (script.charAt(index) !== "\n") add(script.charAt(index), true);
    } else if (character === "'" || character === '"') {
      const end = endOfQuote(script, index);
      const inside = script.slice(index + 1, end);
      if (character === "'") add(inside, true);
      else add(inside.replaceAll(/\\([\\"$`])/g, "$1"), !inside.includes("$"));
      index = end;
    } else if (character === "#" && word === null) {
      while (index + 1 < script.length && script.charAt(index + 1) !== "\n") index += 1;
    } else if (character === "$" && script.charAt(index + 1) === "{") {
      const end = script.indexOf("}", index);
      add(script.slice(index, end + 1), false);
      index = end;
    } else if (ENDS.has(character)) {
      endWord();
      if (command.length > 0) commands.push(command);
      command = [];
    } else if (/\s/.test(character)) {
      endWord();
    } else {
      add(character, character !== "$");
    }
  }
  endWord();
  return command.length > 0 ? [...commands, command] : commands;
}

function endOfQuote(script: string, start: number): number {
  const quote = script.charAt(start);
  let end = start + 1;
  while (end < script.length && script.charAt(end) !== quote)
    end += quote === '"' && script.charAt(end) === "\\" ? 2 : 1;
  return end;
}
