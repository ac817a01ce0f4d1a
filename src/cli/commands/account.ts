import type { Command } from "commander";
import { createApi } from "../api.ts";
import {
  type ConnectionFlags,
  givenConnection,
  noProfile,
  parseToken,
  parseUrl,
  profileNameOf,
} from "../connection.ts";
import { UsageError } from "../failure.ts";
import { addExamples } from "../flags.ts";
import { globalFlagsOf } from "../globals.ts";
import { readBytes } from "../input.ts";
import { interrupt } from "../interrupt.ts";
import { profilesFile, readProfiles, writeProfiles } from "../profiles.ts";
import { holderOf } from "../scopes.ts";
import { openSession, outputOf } from "../session.ts";
import { askSecret, askText, isInteractive } from "../terminal/prompt.ts";
import { oneLine } from "../terminal/text.ts";
import { exactly } from "../terminal/time.ts";

const MAX_TOKEN_BYTES = 10_000;
const LOCAL_URL = "http://localhost:8787";

async function urlOf(given: string | undefined, before: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  if (isInteractive()) return parseUrl(await askText("The gateway's address:", before ?? LOCAL_URL), "This");
  if (before !== undefined) return before;
  throw new UsageError(
    "There is no terminal to ask on for the gateway's address.",
    "Add --url, or set the environment variable HOOKGATE_URL.",
  );
}

async function tokenOf(given: string | undefined): Promise<string> {
  if (given === "-") return parseToken((await readBytes("-", MAX_TOKEN_BYTES)).toString(), "The text on stdin");
  if (given !== undefined) return given;
  if (isInteractive()) return parseToken(await askSecret("An API token (it is not shown):"), "This");
  throw new UsageError(
    "There is no terminal to ask on for the token.",
    "Set the environment variable HOOKGATE_TOKEN, or pass the token on stdin with `--token -`.",
  );
}

function warnOfClearText(url: string, note: (text: string) => void): void {
  const { protocol, hostname } = new URL(url);
  if (protocol === "http:" && !["localhost", "127.0.0.1", "[::1]"].includes(hostname)) {
    note(`warning: ${url} is not encrypted: the token can be read on the way.`);
  }
}

async function login(flags: ConnectionFlags, command: Command): Promise<void> {
  const out = outputOf(command);
  const profiles = readProfiles();
  const name = profileNameOf(flags, profiles);
  if (!/^[\w.-]{1,64}$/.test(name)) {
    throw new UsageError(
      `"${name}" is not a name for a profile.`,
      "Use letters, digits, dots, hyphens and underscores.",
    );
  }
  // Here `--profile` only says under which name to save, so the environment counts beside it.
  const { profile: _, ...rest } = flags;
  const given = givenConnection(rest);
  const url = await urlOf(given.url, profiles.profiles.get(name)?.url);
  warnOfClearText(url, (text) => out.note(text));
  const token = await tokenOf(given.token);
  const { scopes } = await holderOf(createApi(url, token, interrupt));
  writeProfiles({ current: name, profiles: new Map([...profiles.profiles, [name, { url, token }]]) });
  if (out.isJson) out.json({ profile: name, url, scopes });
  else
    out.lines([oneLine(`Signed in to ${url} (${scopes.join(", ")}). The profile "${name}" is in ${profilesFile()}.`)]);
}

async function whoami(command: Command): Promise<void> {
  const { api, connection, out } = openSession(command);
  const { url, profile, tokenSource } = connection;
  const holder = await holderOf(api);
  const { scopes, name, expires_at } = holder;
  if (out.isJson) {
    out.json({ url, profile, token_source: tokenSource, ...holder });
    return;
  }
  out.lines([
    oneLine(`gateway  ${url}`),
    oneLine(`token    from ${tokenSource}${name === null ? "" : `, of ${name}`}`),
    `scopes   ${scopes.join(", ")}`,
    ...(expires_at === null ? [] : [`expires  ${exactly(expires_at, out.nowMs)}`]),
  ]);
}

function logout(flags: ConnectionFlags, command: Command): void {
  const out = outputOf(command);
  const profiles = readProfiles();
  const name = profileNameOf(flags, profiles);
  const rest = new Map([...profiles.profiles].filter(([key]) => key !== name));
  if (rest.size === profiles.profiles.size) throw noProfile(name, profiles);
  writeProfiles({ current: profiles.current === name ? null : profiles.current, profiles: rest });
  if (out.isJson) out.json({ profile: name, removed: true });
  else out.lines([oneLine(`The profile "${name}" was removed. The token itself is still valid.`)]);
}

/** Adds `login`, `whoami` and `logout`. */
export function addAccountCommands(program: Command): void {
  const loginCommand = program
    .command("login")
    .summary("save a gateway and its token as a profile")
    .description(
      "Checks a token and saves it with the gateway's address as a profile. On a terminal, the command asks for what is missing, and does not show the token.",
    )
    .action(async (_: unknown, command: Command) => await login(globalFlagsOf(command), command));
  addExamples(
    loginCommand,
    "hookgate login",
    "hookgate login --url https://hooks.example.com --profile production",
    'echo "$TOKEN" | hookgate login --url http://localhost:8787 --token -',
  );
  const whoamiCommand = program
    .command("whoami")
    .summary("show the gateway, the token and its scopes")
    .action(async (_: unknown, command: Command) => await whoami(command));
  addExamples(whoamiCommand, "hookgate whoami", "hookgate whoami --profile production --json");
  const logoutCommand = program
    .command("logout")
    .summary("remove a profile")
    .action((_: unknown, command: Command) => logout(globalFlagsOf(command), command));
  addExamples(logoutCommand, "hookgate logout", "hookgate logout --profile production");
}
