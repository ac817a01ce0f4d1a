import { type Command, Option } from "commander";
import type { ConnectionFlags } from "./connection.ts";

/** The flags of every command. */
export type GlobalFlags = ConnectionFlags & { readonly json: boolean; readonly color: boolean };

type Given = ConnectionFlags & { readonly json?: true; readonly color?: boolean };

/** The commands whose `--url` is not the gateway's. */
const WITH_OWN_URL = new WeakSet<Command>();

const OTHER_OPTIONS =
  "\nEvery command also has --json, --url, --token, --profile and --no-color: see `hookgate --help`.";

function globalOptions(isLogin: boolean): readonly Option[] {
  return [
    new Option("--url <url>", "the gateway's address"),
    new Option(
      "--token <token>",
      isLogin
        ? "the API token; `-` reads it from stdin, which other users of the machine cannot see"
        : "the API token, which other users of the machine can see: prefer `login`",
    ),
    new Option("--profile <name>", isLogin ? "the name of the profile" : "the profile that `login` wrote"),
    new Option("--json", "print JSON instead of text"),
    new Option("--no-color", "print no colors"),
  ];
}

/**
 * Adds the global flags to a command and to all below it. Only the help of `hookgate` and of `login` shows them. A command may have a flag of
 * such a name itself: `--url` after `destinations create` is the destination's, and must never be taken as the gateway's.
 */
export function addGlobalFlags(command: Command): void {
  const isLogin = command.name() === "login";
  const isShown = command.parent === null || isLogin;
  const own = new Set(command.options.map(({ long }) => long));
  if (own.has("--url")) WITH_OWN_URL.add(command);
  for (const option of globalOptions(isLogin)) {
    if (!own.has(option.long)) command.addOption(isShown ? option : option.hideHelp());
  }
  if (!isShown && command.commands.length === 0) command.addHelpText("after", OTHER_OPTIONS);
  for (const child of command.commands) addGlobalFlags(child);
}

/** The global flags of a command, wherever they stand. The last one wins. */
export function globalFlagsOf(command: Command): GlobalFlags {
  const { url, ...given } = command.opts<Given>();
  const outer = command.parent === null ? { json: false, color: true } : globalFlagsOf(command.parent);
  return {
    ...outer,
    ...(url === undefined || WITH_OWN_URL.has(command) ? {} : { url }),
    ...(given.token === undefined ? {} : { token: given.token }),
    ...(given.profile === undefined ? {} : { profile: given.profile }),
    json: outer.json || given.json === true,
    color: outer.color && given.color !== false,
  };
}
