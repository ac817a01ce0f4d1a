import { hostname } from "node:os";
import type { Command } from "commander";
import { MESSAGE_TYPES } from "../../model/event.ts";
import { ClientError, type JsonObject } from "../../client/index.ts";
import { CommandError, UsageError } from "../failure.ts";
import { addExamples, collect, parseDuration } from "../flags.ts";
import { watchKeys } from "../listen/keys.ts";
import { type ListenOptions, type ListenState, listen } from "../listen/listen.ts";
import { Surroundings } from "../listen/surroundings.ts";
import { poll } from "../listen/poll.ts";
import { messageOf } from "../report.ts";
import { field } from "../rows.ts";
import { type Session, openSession } from "../session.ts";
import { asReceived } from "./as-received.ts";
import { openInBrowser } from "./open.ts";

type ListenFlags = {
  readonly forwardTo: string;
  readonly path?: string;
  readonly events?: readonly string[];
  readonly print?: true;
  readonly poll?: true;
  readonly original?: true;
  readonly forwardHeader?: readonly string[];
  readonly keep?: number;
};

const MAX_NAME = 60;
const TIMEOUT_MS = 30_000;
const DEFAULT_KEEP_SECONDS = 86_400;
const MIN_KEEP_SECONDS = 10;
const MAX_KEEP_SECONDS = 2_592_000;
const MS = 1_000;

/** The address of the local server: a URL, a host with a port, or a port. */
function parseTarget(text: string, path: string | undefined): URL {
  const address = /^:?\d+(?:[/?]|$)/.test(text) ? `http://localhost:${text.replace(/^:/, "")}` : text;
  const withScheme = address.includes("://") ? address : `http://${address}`;
  const url = URL.canParse(withScheme) ? new URL(withScheme) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol) || url.username !== "" || url.password !== "") {
    throw new UsageError("--forward-to is not the address of a local server, such as http://localhost:3000/webhooks.");
  }
  if (path === undefined) return url;
  const [pathname = "", query] = path.split("?", 2);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${pathname.replace(/^\/+/, "")}`;
  if (query !== undefined) url.search = query;
  return url;
}

function checkTypes(types: readonly string[] | undefined): readonly string[] | undefined {
  const known: readonly string[] = MESSAGE_TYPES;
  const wrong = types?.find((type) => !known.includes(type));
  if (wrong === undefined) return types;
  throw new UsageError(`--events: "${wrong}" is not a type of event.`, `The types are: ${known.join(", ")}.`);
}

function keepSeconds({ keep }: ListenFlags): number {
  const seconds = keep === undefined ? DEFAULT_KEEP_SECONDS : Math.round(keep / MS);
  if (seconds >= MIN_KEEP_SECONDS && seconds <= MAX_KEEP_SECONDS) return seconds;
  throw new UsageError("--keep takes a span from 10s to 30d.");
}

/** What the command has made, and takes away at its end. */
type Made = { destination: JsonObject | null; route: JsonObject | null };

async function make(session: Session, integration: string, made: Made, flags: ListenFlags, target: URL) {
  const { api } = session;
  const name = `listen on ${hostname()}`.slice(0, MAX_NAME);
  made.destination = await api.post("/destinations", {
    name,
    type: "cli",
    options: { forward_to: target.href, remove_after_seconds: keepSeconds(flags) },
    timeout_ms: TIMEOUT_MS,
    ...(flags.original === true ? await asReceived(session, integration, flags.forwardHeader) : {}),
  });
  const types = checkTypes(flags.events);
  made.route = await api.post("/routes", {
    name,
    integration_ids: [integration],
    destination_ids: [field(made.destination, "id")],
    ...(types === undefined ? {} : { event_types: types }),
  });
}

/** Deletes what may be deleted already. */
async function deleteIfThere({ api }: Session, path: string, made: JsonObject | null, query = {}): Promise<void> {
  if (made === null) return;
  try {
    await api.delete(path, { params: { id: field(made, "id") }, query });
  } catch (error) {
    if (!(error instanceof ClientError) || error.failure.kind === "network" || error.failure.status !== 404)
      throw error;
  }
}

/** Deletes the route and the destination of the command. Returns why that failed, or null. */
async function takeAway(session: Session, { destination, route }: Made): Promise<CommandError | null> {
  try {
    await deleteIfThere(session, "/routes/{id}", route);
    await deleteIfThere(session, "/destinations/{id}", destination, { force: "true" });
  } catch (error) {
    return new CommandError(
      `The destination of this command could not be removed: ${messageOf(error)}`,
      "The gateway removes it after a day without a command that listens, or after the time of --keep.",
    );
  }
  if (destination !== null) session.out.note("Removed the destination and the route of this command.");
  return null;
}

async function whileListening(
  session: Session,
  integration: string,
  { destination, route }: Made,
  options: ListenOptions,
): Promise<void> {
  const { api, out, connection } = session;
  if (destination === null || route === null) return;
  const needed = { integration, destination: field(destination, "id"), route: field(route, "id") };
  const surroundings = new Surroundings(session, needed);
  const state: ListenState = { lastEvent: null };
  const stop = watchKeys({
    r: async () => {
      if (state.lastEvent === null) return out.note("No event has arrived yet.");
      try {
        const destination_ids = [field(destination, "id")];
        await api.post("/events/{id}/replay", { destination_ids }, { params: { id: state.lastEvent } });
        return out.note(`Sending ${state.lastEvent} again.`);
      } catch (error) {
        return out.note(`The event could not be sent again: ${messageOf(error)}`);
      }
    },
    o: () => openInBrowser(connection.url + (state.lastEvent === null ? "/events" : `/events/${state.lastEvent}`)),
  });
  try {
    await listen(session, { destination, surroundings }, options, state);
  } finally {
    stop();
  }
}

/** Says which secret checks what the local server gets. */
function secretNote(secret: string, { original }: ListenFlags): string {
  if (original !== true) return `Requests are signed with the secret ${secret}`;
  return [
    "The sender's signature arrives unchanged: check it with the sender's secret.",
    `The gateway's own, webhook-signature, is made with the secret ${secret}`,
  ].join("\n");
}

async function run(session: Session, name: string, flags: ListenFlags): Promise<void> {
  const { out, names, interrupt } = session;
  const target = parseTarget(flags.forwardTo, flags.path);
  const types = checkTypes(flags.events);
  keepSeconds(flags);
  const integration = await names.idOf("integration", name);
  const options: ListenOptions = { target, printsBodies: flags.print === true };
  if (flags.poll === true) return await poll(session, integration, types, options);
  const made: Made = { destination: null, route: null };
  try {
    await make(session, integration, made, flags, target);
    const secret = made.destination === null ? "" : field(made.destination, "signing_secret");
    if (secret !== "") out.note(secretNote(secret, flags));
    if (process.stdin.isTTY) out.note("Keys: r sends the last event again, o opens it in the dashboard, q quits.");
    if (!interrupt.happened()) await whileListening(session, integration, made, options);
  } catch (error) {
    const left = await takeAway(session, made);
    if (left !== null) out.note(left.message);
    throw error;
  }
  const left = await takeAway(session, made);
  if (left !== null) throw left;
  return undefined;
}

/** Adds `listen`. */
export function addListen(program: Command): void {
  const command = program
    .command("listen <integration>")
    .summary("forward the webhooks of an integration to a local server")
    .description(
      "Creates a destination and a route, forwards each delivery to the local server, and reports the response to the gateway. The gateway retries failed deliveries. Deliveries wait while the command is not connected. When the command ends, it removes the destination and the route.",
    )
    .requiredOption("--forward-to <url>", "the local server: a URL, host:port or a port")
    .option("--path <path>", "a path to add to the URL")
    .option("--events <types>", "only these types, such as alert.created; may be repeated", collect)
    .option("--original", "send the body as it arrived, with the sender's signature, instead of the envelope")
    .option("--forward-header <name>", "with --original, another header of the sender; may be repeated", collect)
    .option("--print", "print the body of each request")
    .option("--poll", "poll a gateway that lacks the binding LISTENERS; it records no delivery")
    .option(
      "--keep <span>",
      "how long the gateway keeps the destination and its deliveries after the command was killed or lost the network (default: 1d)",
      parseDuration,
    )
    .action(async (name: string, flags: ListenFlags, own: Command) => {
      await run(openSession(own), name, flags);
    });
  addExamples(
    command,
    "hookgate listen Stripe --forward-to http://localhost:3000/webhooks --original",
    "hookgate listen Alertmanager --forward-to 3000 --path /hooks --events alert.created --print",
  );
}
