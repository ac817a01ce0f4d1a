import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { LocalServer } from "../../scripts/drive/local-server.mjs";
import { commandsOf } from "./run.ts";

export const TOKEN = "hgt_secret-of-the-test";

export type Request = {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage["headers"];
  readonly body: ReturnType<typeof JSON.parse>;
};
export type Answer = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Breaks the connection instead. */
  readonly breaks?: true;
};

export function problem(status: number, title: string, more: object = {}): Answer {
  const body = { type: "about:blank", code: "invalid_body", title, status, detail: title, ...more };
  return { status, body, headers: { "content-type": "application/problem+json" } };
}

export const EMPTY: Answer = { body: { data: [], next_cursor: null } };

/** A server that takes the place of a gateway, for what a real one does not do on demand. */
export async function standIn(answer: (request: Request) => Answer | Promise<Answer>) {
  const requests: Request[] = [];
  const server = new LocalServer(async (incoming, response) => {
    const url = new URL(incoming.url ?? "/", "http://localhost");
    const sent = await text(incoming);
    const request: Request = {
      method: incoming.method ?? "",
      path: url.pathname.replace(/^\/api\/v1/, ""),
      query: Object.fromEntries(url.searchParams),
      headers: incoming.headers,
      body: sent === "" ? null : JSON.parse(sent),
    };
    requests.push(request);
    const { status = 200, headers = {}, body, breaks } = await answer(request);
    if (breaks === true) {
      incoming.socket.destroy();
      return;
    }
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await server.start();
  onTestFinished(() => server.stop());
  return { url: server.origin, requests, server, ...commandsOf(server.origin, TOKEN) };
}
