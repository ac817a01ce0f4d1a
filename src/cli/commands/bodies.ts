import { type Command } from "commander";
import { MESSAGE_TYPES } from "../../model/event.ts";
import type { Json, JsonObject } from "../../client/index.ts";
import { parseJson } from "../../model/portable-json.ts";
import { UsageError } from "../failure.ts";
import { collect, collectWhole, oneOf } from "../flags.ts";
import { readBytes, readDocument, setFields } from "../input.ts";
import { isList } from "../rows.ts";
import type { Kind, Names } from "../names.ts";

// The bodies of integrations, destinations, routes and transformations: a file, then flags, then `--set`.

export type BodyFlags = {
  readonly file?: string;
  readonly set?: readonly string[];
  readonly name?: string;
  readonly externalId?: string;
  readonly enable?: true;
  readonly disable?: true;
  readonly type?: string;
  readonly ruleSet?: string;
  readonly auth?: string;
  readonly credential?: string;
  /** The destination's, not the gateway's. */
  readonly url?: string;
  readonly preset?: string;
  readonly header?: readonly string[];
  readonly transformation?: string;
  readonly codeFile?: string;
  readonly integration?: readonly string[];
  readonly destination?: readonly string[];
  readonly eventType?: readonly string[];
  readonly match?: string;
  readonly window?: number;
};

export function addBodyFlags(command: Command, kind: Kind): Command {
  command
    .option("-f, --file <file>", "the fields, as JSON or YAML; `-` reads stdin")
    .option("--name <name>", "the name")
    .option("--external-id <id>", "an id of your own");
  if (kind === "integration") {
    command
      .option("--type <type>", "catch (the default), pagertree, retrace, backtrace, thousandeyes or rules")
      .option("--rule-set <name>", "a ready-made rule set; `hookgate rule-sets` lists them")
      .option("--auth <type>", "none, token, basic, bearer, or a signature scheme such as github or stripe")
      .option(
        "--credential <secret>",
        "with `--auth`: the token, `user:password`, or the sender's signing secret; better in HOOKGATE_CREDENTIAL",
      );
  }
  if (kind === "destination") {
    command
      .option("--type <type>", "webhook (the default), document, s3, queue or email")
      .option(
        "--url <url>",
        "the URL that receives deliveries; the gateway's own `--url` must stand before `destinations`",
      )
      .option("--preset <name>", "the format of a service; `hookgate presets` lists them")
      .option("--header <header>", "a header to send, as `Name: value`; may be repeated", collectWhole);
  }
  if (kind === "integration" || kind === "destination") {
    command.option("--transformation <name>", "a transformation to apply");
  }
  if (kind === "transformation") {
    command.option("--code-file <file>", "the code, a module in JavaScript; `-` reads stdin");
  }
  if (kind === "route") {
    command
      .option("--integration <name>", "take events of this integration only; may be repeated", collect)
      .option("--destination <name>", "deliver to this destination; may be repeated", collect)
      .addOption(
        oneOf("--event-type <type>", "take events of this type only; may be repeated", MESSAGE_TYPES).argParser(typeOf),
      )
      .option("--match <filter>", "a MongoDB-style filter, as JSON");
  }
  if (kind !== "transformation") command.option("--enable", "turn it on").option("--disable", "turn it off");
  return command.option(
    "--set <field=value>",
    "another field, such as options.fan_out=false; may be repeated",
    collectWhole,
  );
}

function typeOf(text: string, before: readonly string[] | undefined): readonly string[] {
  const types = collect(text, before);
  const unknown = types.find((type) => !MESSAGE_TYPES.some((known) => known === type));
  if (unknown !== undefined) {
    throw new UsageError(`"${unknown}" is not a type of event.`, `The types are: ${MESSAGE_TYPES.join(", ")}.`);
  }
  return types;
}

/** The authentication of a sender, with the secret if one is given. Else the gateway keeps or makes it. */
function authOf(type: string, credential: string | undefined): JsonObject {
  const secret = credential === undefined || credential === "" ? undefined : credential;
  switch (type) {
    case "none":
      return { type };
    case "token":
    case "bearer":
      return present({ type, token: secret });
    case "basic": {
      const [, username, password] = /^([^:]*):(.*)$/s.exec(secret ?? "") ?? [];
      return present({ type, username, password: password ?? secret });
    }
    default:
      return present({ type: "signature", scheme: type, secret });
  }
}

function headersOf(headers: readonly string[]): JsonObject {
  return Object.fromEntries(
    headers.map((header) => {
      const at = header.indexOf(":");
      if (at < 1)
        throw new UsageError(`--header ${header}: write it as "Name: value".`, "For example: --header 'X-Team: web'.");
      return [header.slice(0, at).trim(), header.slice(at + 1).trim()];
    }),
  );
}

function filterOf(text: string): Json {
  try {
    return parseJson<Json>(text);
  } catch {
    throw new UsageError("--match is not valid JSON.", `For example: --match '{"data.alert.urgency":"critical"}'.`);
  }
}

function present(fields: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function flagFields(flags: BodyFlags): JsonObject {
  if (flags.enable === true && flags.disable === true)
    throw new UsageError("--enable and --disable exclude each other.", "Leave one of them out.");
  const { ruleSet, auth, credential, preset, header, match } = flags;
  if (credential !== undefined && (auth === undefined || auth === "none"))
    throw new UsageError("--credential needs --auth.", "Add --auth with a type or the name of a signature scheme.");
  const { HOOKGATE_CREDENTIAL: fromEnvironment } = process.env;
  const switched = flags.enable === true || flags.disable === true;
  return present({
    name: flags.name,
    external_id: flags.externalId,
    type: flags.type ?? (ruleSet === undefined ? undefined : "rules"),
    options: ruleSet === undefined ? undefined : { rule_set: ruleSet },
    auth: auth === undefined ? undefined : authOf(auth, credential ?? fromEnvironment),
    url: flags.url,
    payload: preset === undefined ? undefined : { mode: "preset", preset },
    headers: header === undefined ? undefined : headersOf(header),
    integration_ids: flags.integration,
    destination_ids: flags.destination,
    event_types: flags.eventType,
    match: match === undefined ? undefined : filterOf(match),
    enabled: switched ? flags.enable === true : undefined,
  });
}

/** Reads code from a file. */
export async function readCode(file: string): Promise<string> {
  return (await readBytes(file)).toString("utf8");
}

/** The fields that files and names of flags hold. */
async function readFields({ codeFile, transformation }: BodyFlags, names: Names): Promise<JsonObject> {
  return present({
    code: codeFile === undefined ? undefined : await readCode(codeFile),
    transformation_id: transformation === undefined ? undefined : await names.idOf("transformation", transformation),
  });
}

async function withIds(body: JsonObject, name: string, kind: Kind, names: Names): Promise<JsonObject> {
  const value = body[name];
  if (!isList(value)) return body;
  const ids: Json[] = [];
  for (const item of value) ids.push(typeof item === "string" ? await names.idOf(kind, item) : item);
  return { ...body, [name]: ids };
}

/** Makes the body of a creation. An integration is a catch hook unless the flags or a file say something else. */
export async function creationOf(kind: Kind, flags: BodyFlags, names: Names): Promise<JsonObject> {
  const body = await bodyOf(kind, flags, names);
  const isCatch = kind === "integration" && flags.file === undefined && body["type"] === undefined;
  return isCatch ? { ...body, type: "catch" } : body;
}

/** Makes the body of a change. The names in a route become ids. Throws if there is nothing in it. */
export async function bodyOf(kind: Kind, flags: BodyFlags, names: Names): Promise<JsonObject> {
  const fromFile = flags.file === undefined ? {} : await readDocument(flags.file);
  const given = { ...fromFile, ...flagFields(flags), ...(await readFields(flags, names)) };
  const body = setFields(given, flags.set ?? []);
  if (Object.keys(body).length === 0)
    throw new UsageError("No field is named.", "Name the fields with -f FILE or with flags; --help lists them.");
  if (kind !== "route") return body;
  const withIntegrations = await withIds(body, "integration_ids", "integration", names);
  return await withIds(withIntegrations, "destination_ids", "destination", names);
}
