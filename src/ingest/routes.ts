import { type Context, Hono } from "hono";
import type { Env } from "../env.ts";
import { problemResponse } from "../http/problem.ts";
import { isolateOf } from "../isolate.ts";
import { acceptedResponse, wrongMethodResponse } from "./answer.ts";
import { toProblem } from "./errors.ts";
import { receive } from "./receive.ts";

type Bindings = { Bindings: Env };

const PATHS = ["/integration/:id", "/hooks/catch/:id", "/hooks/catch/:id/"];

async function ingest(c: Context<Bindings>): Promise<Response> {
  const received = await receive(c.env, isolateOf(c.env), c.req.param("id") ?? "", c.req.raw);
  return received.ok ? acceptedResponse(received.value) : problemResponse(toProblem(received.error));
}

/** The addresses that webhooks are sent to. */
export const ingestRoutes = new Hono<Bindings>()
  .on(["POST", "PUT"], PATHS, ingest)
  .on("ALL", PATHS, wrongMethodResponse);
