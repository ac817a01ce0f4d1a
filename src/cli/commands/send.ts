import { extname } from "node:path";
import type { Command } from "commander";
import { version } from "../../../package.json";
import type { JsonObject } from "../../client/index.ts";
import { parseJson } from "../../model/portable-json.ts";
import { CommandError, UsageError } from "../failure.ts";
import { addExamples, collectWhole } from "../flags.ts";
import { readBytes } from "../input.ts";
import { field, firstOf, isObject, object, objects } from "../rows.ts";
import { type Session, openSession } from "../session.ts";
import { oneLine } from "../terminal/text.ts";

type SendFlags = {
  readonly file: string;
  readonly contentType?: string;
  readonly credential?: string;
  readonly header?: readonly string[];
};

const TIMEOUT_MS = 30_000;
const CONTENT_TYPES = new Map([
  [".json", "application/json"],
  [".xml", "application/xml"],
  [".txt", "text/plain"],
  [".form", "application/x-www-form-urlencoded"],
]);
const CREDENTIAL = "Give the integration's credential in HOOKGATE_CREDENTIAL, or with --credential.";
const SIGNATURE = "Sign the bytes of the body with the integration's secret, and pass the signature with --header.";
const HINTS = new Map([
  [400, "Correct the body, or name its type with --content-type."],
  [401, CREDENTIAL],
  [403, `${CREDENTIAL} An integration with \`allowed_ips\` also refuses other addresses.`],
  [410, "Turn the integration on with `hookgate integrations update NAME --enable`."],
  [429, "The integration has a rate limit. Send it again later."],
  [503, "The gateway could not store the event. Send it again later."],
]);

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** The header that carries the credential of a sender. */
function credentialHeaders(auth: JsonObject, credential: string | undefined): ReadonlyMap<string, string> {
  const type = field(auth, "type");
  if (type === "none") return new Map();
  if (type === "signature") {
    const scheme = field(auth, "scheme");
    throw new CommandError(
      `The integration accepts requests only with a signature of the scheme ${scheme}.`,
      "Make the signature yourself and pass it with --header, or send from the vendor.",
    );
  }
  if (credential === undefined) throw new CommandError(`The integration asks for ${type} credentials.`, CREDENTIAL);
  if (type === "token") return new Map([[field(auth, "header"), credential]]);
  if (type === "bearer") return new Map([["authorization", `Bearer ${credential}`]]);
  return new Map([
    [
      "authorization",
      `Basic ${base64(credential.includes(":") ? credential : `${field(auth, "username")}:${credential}`)}`,
    ],
  ]);
}

function headersOf(auth: JsonObject, flags: SendFlags): Headers {
  const { HOOKGATE_CREDENTIAL: fromEnvironment } = process.env;
  const own = flags.header ?? [];
  const headers = new Headers();
  if (own.length === 0 || flags.credential !== undefined) {
    for (const [name, value] of credentialHeaders(auth, flags.credential ?? fromEnvironment)) headers.set(name, value);
  }
  headers.set("user-agent", `hookgate/${version}`);
  headers.set("content-type", flags.contentType ?? CONTENT_TYPES.get(extname(flags.file)) ?? "application/json");
  for (const header of own) {
    const at = header.indexOf(":");
    if (at < 1)
      throw new UsageError(`--header ${header}: write it as "Name: value".`, "For example: --header 'X-Team: web'.");
    try {
      headers.set(header.slice(0, at).trim(), header.slice(at + 1).trim());
    } catch {
      throw new UsageError(
        `--header ${header} is not a header that can be sent.`,
        "A name has no spaces, and a value is one line of ASCII.",
      );
    }
  }
  return headers;
}

async function post(
  url: string,
  headers: Headers,
  body: Buffer,
): Promise<{ ok: boolean; status: number; text: string }> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(url, {
      method: "POST",
      headers,
      body: new Uint8Array(body),
      redirect: "manual",
      signal,
    });
    return { ok: response.ok, status: response.status, text: await response.text() };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new CommandError(
      `${url} could not be reached: ${cause}`,
      "Check that the gateway is reachable at that address.",
    );
  }
}

function parse(text: string): JsonObject | null {
  try {
    const value = parseJson<JsonObject>(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

async function send(session: Session, name: string, flags: SendFlags): Promise<void> {
  const { api, out } = session;
  const id = await session.names.idOf("integration", name);
  const [integration, body] = [await api.get("/integrations/{id}", { params: { id } }), await readBytes(flags.file)];
  const auth = object(integration, "auth");
  const headers = headersOf(auth, flags);
  const { ok, status, text } = await session.interrupt.whileChanging(() =>
    post(field(integration, "url"), headers, body),
  );
  const answer = parse(text);
  if (!ok) {
    const isSigned = field(auth, "type") === "signature";
    const detail = answer === null ? "" : field(answer, "detail");
    const wrong = answer === null ? [] : objects(answer, "errors");
    throw new CommandError(
      `The integration refused the request with ${status}. ${detail}`.trim(),
      status === 401 && isSigned ? SIGNATURE : (HINTS.get(status) ?? null),
      wrong.map((each) => `${firstOf(field(each, "path"), "body")}: ${field(each, "message")}`),
    );
  }
  if (out.isJson) out.json(answer ?? text);
  else if (answer === null) out.lines([`Accepted with ${status}: ${oneLine(text)}`]);
  else
    out.lines([
      `Accepted: ${field(answer, "id")}`,
      `\`hookgate events get ${field(answer, "id")}\` shows what becomes of it.`,
    ]);
}

/** Adds `events send`. */
export function addSend(group: Command): void {
  const command = group
    .command("send <integration>")
    .summary("send a webhook to an integration")
    .requiredOption("-f, --file <file>", "the body; `-` reads stdin")
    .option("--content-type <type>", "the content type (default: by the file name, otherwise JSON)")
    .option(
      "--credential <secret>",
      "the integration's token, or `user:password`; prefer the environment variable HOOKGATE_CREDENTIAL",
    )
    .option("--header <header>", "a header, as `Name: value`; may be repeated", collectWhole)
    .action(async (name: string, flags: SendFlags, own: Command) => await send(openSession(own), name, flags));
  addExamples(
    command,
    "hookgate events send Orders -f order.json",
    `echo '{"a":1}' | HOOKGATE_CREDENTIAL=… hookgate events send Orders -f -`,
  );
}
