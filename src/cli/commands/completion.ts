import { Argument, type Command, type Option } from "commander";
import { outputOf } from "../session.ts";
import { addExamples } from "../flags.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;
type Shell = (typeof SHELLS)[number];

/** What may follow a command: its words, and the values of its options. */
type Node = {
  readonly path: string;
  readonly words: readonly string[];
  readonly values: readonly (readonly [flag: string, values: readonly string[]])[];
};

function optionsOf(command: Command): readonly Option[] {
  const own = command.options.filter(({ hidden }) => !hidden);
  const outer = command.parent === null ? [] : optionsOf(command.parent);
  return [...own, ...outer.filter(({ long }) => !own.some((option) => option.long === long))];
}

function nodesOf(command: Command, path: string): Node[] {
  const children = command.commands.filter((child) => child.name() !== "help");
  const options = optionsOf(command);
  const flags = options.flatMap(({ long }) => (typeof long === "string" ? [long] : []));
  const values = options.flatMap(({ long, argChoices }) =>
    typeof long === "string" && argChoices !== undefined ? [[long, argChoices] as const] : [],
  );
  const choices = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
  const node = { path, words: [...children.map((child) => child.name()), ...choices, ...flags, "--help"], values };
  return [node, ...children.flatMap((child) => nodesOf(child, `${path} ${child.name()}`))];
}

function functionOf(nodes: readonly Node[]): string {
  const words = nodes.map(({ path, words: all }) => `    "${path}") echo "${all.join(" ")}" ;;`);
  const values = nodes.flatMap(({ path, values: all }) =>
    all.map(([flag, choices]) => `    "${path} ${flag}") echo "${choices.join(" ")}" ;;`),
  );
  return [
    "__hookgate_words() {",
    '  case "$1" in',
    ...words,
    ...values,
    "  esac",
    "}",
    "__hookgate_path() {",
    '  local path="hookgate" word',
    '  for word in "$@"; do',
    '    case "$word" in -*) continue ;; esac',
    '    [ -n "$(__hookgate_words "$path $word")" ] && path="$path $word"',
    "  done",
    '  echo "$path"',
    "}",
  ].join("\n");
}

function bash(nodes: readonly Node[]): string {
  return `${functionOf(nodes)}
__hookgate_complete() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path words
  path="$(__hookgate_path "\${COMP_WORDS[@]:1:COMP_CWORD-1}")"
  words="$(__hookgate_words "$path \${COMP_WORDS[COMP_CWORD-1]}")"
  case "\${COMP_WORDS[COMP_CWORD-1]}" in -*) ;; *) words="" ;; esac
  [ -n "$words" ] || words="$(__hookgate_words "$path")"
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F __hookgate_complete hookgate
`;
}

function zsh(nodes: readonly Node[]): string {
  return `#compdef hookgate
${functionOf(nodes)}
_hookgate() {
  local previous="\${words[CURRENT-1]}" found="" node
  node="$(__hookgate_path "\${(@)words[2,CURRENT-1]}")"
  case "$previous" in -*) found="$(__hookgate_words "$node $previous")" ;; esac
  [ -n "$found" ] || found="$(__hookgate_words "$node")"
  compadd -- \${=found} || _files
}
compdef _hookgate hookgate
`;
}

function fish(nodes: readonly Node[]): string {
  const lines = nodes.flatMap(({ path, words, values }) => {
    const [, ...names] = path.split(" ");
    const within = names.map((name) => `__fish_seen_subcommand_from ${name}`).join("; and ");
    const children = nodes
      .filter((node) => node.path.startsWith(`${path} `))
      .map((node) => node.path.split(" ")[names.length + 1]);
    const without =
      children.length === 0 ? [] : [`not __fish_seen_subcommand_from ${[...new Set(children)].join(" ")}`];
    const condition = [...(within === "" ? [] : [within]), ...without].join("; and ");
    const prefix = `complete -c hookgate -n '${condition}'`;
    const known = new Map(values);
    return words.map((word) => {
      if (!word.startsWith("--")) return `${prefix} -f -a ${word}`;
      const choices = known.get(word);
      return `${prefix} -l ${word.slice(2)}${choices === undefined ? "" : ` -x -a '${choices.join(" ")}'`}`;
    });
  });
  return `${lines.join("\n")}\n`;
}

const SCRIPTS = { bash, zsh, fish } as const satisfies Record<Shell, (nodes: readonly Node[]) => string>;

/** Adds `completion`. */
export function addCompletion(program: Command): void {
  const command = program
    .command("completion")
    .summary("print a script that completes commands in a shell")
    .addArgument(new Argument("<shell>", "bash, zsh or fish").choices(SHELLS))
    .action((shell: Shell, _: unknown, own: Command) => {
      outputOf(own).raw(SCRIPTS[shell](nodesOf(program, "hookgate")));
    });
  addExamples(
    command,
    'eval "$(hookgate completion bash)"',
    "hookgate completion zsh > ~/.zfunc/_hookgate",
    "hookgate completion fish > ~/.config/fish/completions/hookgate.fish",
  );
}
