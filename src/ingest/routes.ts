import type { Context as HonoContext } from "hono";
import type { Env } from "../platform/bindings.ts";
import { createApplication } from "../net/application.ts";
import { problemResponse } from "../net/problem.ts";
import { contextOf } from "../context.ts";
import { toProblem } from "./errors.ts";
import { receive } from "./receive.ts";
import { recordRejection } from "./record-rejection.ts";
import {
  acceptedResponse,
  allowsCors,
  cloudEventsResponse,
  preflightResponse,
  silentResponse,
  withCors,
} from "./response.ts";

type Bindings = { Bindings: Env };

const PATHS = ["/integration/:id", "/integration/:id/", "/hooks/catch/:id", "/hooks/catch/:id/"];
const SILENT_PATHS = ["/hooks/catch/:id/silent", "/hooks/catch/:id/silent/"];

async function ingest(c: HonoContext<Bindings>, isSilent: boolean): Promise<Response> {
  const context = contextOf(c.env);
  const { integrations } = context.caches;
  const address = c.req.param("id") ?? "";
  const { raw } = c.req;
  if (raw.method === "OPTIONS") {
    // A disabled integration too: the browser then sees the response to the request itself.
    const found = await integrations.find(address);
    const isOn = found.kind === "found" && found.integration.enabled;
    if (isOn && raw.headers.has("webhook-request-origin")) return cloudEventsResponse(found.integration, raw.headers);
    if (found.kind === "found" && allowsCors(found.integration))
      return preflightResponse(found.integration, raw.headers);
  }
  const received = await receive(context, address, raw);
  if (!received.ok) {
    const problem = toProblem(received.error);
    const response = problemResponse(problem);
    const found = await integrations.find(address);
    if (found.kind !== "found") return response;
    recordRejection(context, found.integration, raw, problem.code);
    return allowsCors(found.integration) ? withCors(response) : response;
  }
  switch (received.value.kind) {
    case "responded":
      return received.value.response;
    case "accepted":
      return isSilent ? silentResponse(received.value) : acceptedResponse(received.value);
  }
}

/** The addresses that receive webhooks. */
export const ingestRoutes = createApplication()
  .on("ALL", PATHS, (c) => ingest(c, false))
  .on("ALL", SILENT_PATHS, (c) => ingest(c, true));
