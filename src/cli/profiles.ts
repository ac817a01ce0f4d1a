import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { parseJson } from "../model/portable-json.ts";
import { CommandError, fileReason } from "./failure.ts";

/** A gateway and the token for it. */
export type Profile = { readonly url: string; readonly token: string };

export type Profiles = {
  /** The profile that commands use if none is named. */
  readonly current: string | null;
  readonly profiles: ReadonlyMap<string, Profile>;
};

const NONE: Profiles = { current: null, profiles: new Map() };
const WITHOUT_FILE =
  "Set the environment variables HOOKGATE_URL and HOOKGATE_TOKEN instead, or XDG_CONFIG_HOME to a folder that you may write to.";
const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/** The user's folder, also if HOME is empty: a token must not end up in the current folder. */
function home(): string {
  try {
    return isAbsolute(homedir()) ? homedir() : userInfo().homedir;
  } catch {
    throw new CommandError("The user has no home folder for profiles.", WITHOUT_FILE);
  }
}

export function profilesFile(): string {
  const { XDG_CONFIG_HOME: configured = "" } = process.env;
  // https://specifications.freedesktop.org/basedir-spec: a relative path is ignored.
  const folder = isAbsolute(configured) ? configured : join(home(), ".config");
  return join(folder, "hookgate", "profiles.json");
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>(typeof value === "object" && value !== null ? Object.entries(value) : []);
}

function parse(text: string, file: string): Profiles {
  let parsed: unknown;
  try {
    parsed = parseJson<unknown>(text);
  } catch {
    throw new CommandError(`${file} is not valid JSON.`, "Delete the file and run `hookgate login`.");
  }
  const members = membersOf(parsed);
  const profiles = new Map<string, Profile>();
  for (const [name, profile] of membersOf(members.get("profiles"))) {
    const fields = membersOf(profile);
    const url = fields.get("url");
    const token = fields.get("token");
    if (typeof url === "string" && typeof token === "string") profiles.set(name, { url, token });
  }
  const current = members.get("current");
  return { current: typeof current === "string" && profiles.has(current) ? current : null, profiles };
}

export function readProfiles(): Profiles {
  const file = profilesFile();
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return NONE;
    throw new CommandError(`${file} cannot be read: ${fileReason(error)}`, WITHOUT_FILE);
  }
  return parse(text, file);
}

/** Makes a folder and those above it. `mkdirSync` with `recursive` never returns on file systems that refuse new folders with ENOENT. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: OWNER_ONLY_FOLDER });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EEXIST" && statSync(folder).isDirectory()) return;
    const parent = dirname(folder);
    if (code !== "ENOENT" || existsSync(parent) || parent === folder) throw error;
    makeFolder(parent);
    mkdirSync(folder, { mode: OWNER_ONLY_FOLDER });
  }
}

function removeIfThere(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Its folder is no folder, so it is not there either.
  }
}

/** Writes the file whole or not at all, readable by its owner only. */
export function writeProfiles({ current, profiles }: Profiles): void {
  const file = profilesFile();
  const temporary = `${file}.${process.pid}`;
  const text = `${JSON.stringify({ current, profiles: Object.fromEntries(profiles) }, null, 2)}\n`;
  try {
    makeFolder(dirname(file));
    rmSync(temporary, { force: true });
    writeFileSync(temporary, text, { mode: OWNER_ONLY, flag: "wx" });
    chmodSync(temporary, OWNER_ONLY);
    renameSync(temporary, file);
  } catch (error) {
    removeIfThere(temporary);
    throw new CommandError(`${file} cannot be written: ${fileReason(error)}`, WITHOUT_FILE);
  }
}
