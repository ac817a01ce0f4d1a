import type { Context } from "hono";
import type { Env } from "../settings.ts";
import { createApplication } from "../net/application.ts";
import { problemResponse } from "../net/problem.ts";
import { isolateOf } from "../context.ts";
import { acceptedResponse, silentResponse } from "./answer.ts";
import { preflightResponse, readableAnywhere, takesBrowsers } from "./cors.ts";
import { toProblem } from "./errors.ts";
import { receive } from "./receive.ts";

type Bindings = { Bindings: Env };

const PATHS = ["/integration/:id", "/hooks/catch/:id", "/hooks/catch/:id/"];
const SILENT_PATHS = ["/hooks/catch/:id/silent", "/hooks/catch/:id/silent/"];

async function ingest(c: Context<Bindings>, isSilent: boolean): Promise<Response> {
  const isolate = isolateOf(c.env);
  const address = c.req.param("id") ?? "";
  const { raw } = c.req;
  if (raw.method === "OPTIONS") {
    // One that is turned off as well: the browser is to see the honest answer to what it sends then.
    const found = await isolate.integrations.find(address);
    if (found.kind === "found" && takesBrowsers(found.integration))
      return preflightResponse(found.integration, raw.headers);
  }
  const received = await receive(c.env, isolate, address, raw);
  if (!received.ok) {
    const problem = problemResponse(toProblem(received.error));
    const found = await isolate.integrations.find(address);
    return found.kind === "found" && takesBrowsers(found.integration) ? readableAnywhere(problem) : problem;
  }
  switch (received.value.kind) {
    case "answered":
      return received.value.response;
    case "accepted": {
      const response = isSilent ? silentResponse() : acceptedResponse(received.value);
      return takesBrowsers(received.value.integration) ? readableAnywhere(response) : response;
    }
  }
}

/** The addresses that webhooks are sent to. */
export const ingestRoutes = createApplication()
  .on("ALL", PATHS, (c) => ingest(c, false))
  .on("ALL", SILENT_PATHS, (c) => ingest(c, true));
