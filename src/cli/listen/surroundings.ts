import { ClientError, type JsonObject } from "../../client/index.ts";
import { CommandError } from "../failure.ts";
import { field, list } from "../rows.ts";
import type { Session } from "../session.ts";

/** The ids of what a command needs to receive anything. */
export type Needed = {
  readonly integration: string;
  readonly destination: string;
  readonly route: string;
};

type Read = { readonly integration: JsonObject; readonly destination: JsonObject; readonly route: JsonObject };

async function readOrEnd(session: Session, path: string, id: string, name: string): Promise<JsonObject> {
  try {
    return await session.api.get(path, { params: { id } });
  } catch (error) {
    if (error instanceof ClientError && error.failure.kind === "problem" && error.failure.status === 404) {
      throw new CommandError(`The ${name} of this command was deleted.`);
    }
    throw error;
  }
}

/** Whether a list of a route names an id. Null stands for all integrations. */
function names(route: JsonObject, key: "integration_ids" | "destination_ids", id: string): boolean {
  return route[key] === null || list(route, key).includes(id);
}

/** Throws if nothing can arrive any more. */
function refuseUseless({ route }: Read, { integration, destination }: Needed): void {
  if (!names(route, "destination_ids", destination)) {
    throw new CommandError("The route of this command does not name its destination any more.");
  }
  if (!names(route, "integration_ids", integration)) {
    throw new CommandError("The route of this command does not name its integration any more.");
  }
}

/** Says what keeps webhooks from arriving; empty if nothing does. */
function describe({ integration, destination, route }: Read): string {
  return [
    ...(integration["enabled"] === false ? ["The integration is disabled: the gateway refuses its webhooks."] : []),
    ...(route["enabled"] === false ? ["The route of this command is disabled: nothing is routed to it."] : []),
    ...(destination["enabled"] === false
      ? ["The destination of this command is disabled: its deliveries are cancelled."]
      : []),
    ...(field(destination, "paused_at") === ""
      ? []
      : ["The destination of this command is paused: deliveries wait until it is resumed."]),
  ].join(" ");
}

/**
 * Watches what a command needs beside its connection: it says what keeps webhooks from arriving, and ends the command if nothing
 * can arrive any more.
 */
export class Surroundings {
  readonly #session: Session;
  readonly #needed: Needed;
  readonly #ended = new AbortController();
  #said = "";
  #isLooking = false;
  #isStale = false;

  constructor(session: Session, needed: Needed) {
    this.#session = session;
    this.#needed = needed;
  }

  /** Is aborted when the command must end. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** Throws why the command must end, if it must. */
  check(): void {
    if (this.signal.aborted) throw this.signal.reason;
  }

  /** Looks at the configuration, once more if it changes meanwhile. Never rejects. */
  async look(): Promise<void> {
    this.#isStale = true;
    if (this.#isLooking) return;
    this.#isLooking = true;
    while (this.#isStale && !this.signal.aborted && !this.#session.interrupt.happened()) {
      this.#isStale = false;
      try {
        this.#say(await this.#read());
      } catch (error) {
        // Another failure says nothing of the configuration, and the connection shows it, too.
        if (error instanceof CommandError) this.#ended.abort(error);
      }
    }
    this.#isLooking = false;
  }

  async #read(): Promise<string> {
    const { integration, destination, route } = this.#needed;
    const read = {
      destination: await readOrEnd(this.#session, "/destinations/{id}", destination, "destination"),
      integration: await readOrEnd(this.#session, "/integrations/{id}", integration, "integration"),
      route: await readOrEnd(this.#session, "/routes/{id}", route, "route"),
    };
    refuseUseless(read, this.#needed);
    return describe(read);
  }

  #say(text: string): void {
    if (text === this.#said) return;
    this.#said = text;
    this.#session.out.note(text === "" ? "Webhooks arrive again: nothing is paused or disabled." : text);
  }
}
