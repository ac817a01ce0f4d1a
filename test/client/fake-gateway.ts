import { type Client, type ClientOptions, createClient } from "../../src/client/index.ts";

/** One request that a client made. */
export type Sent = {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
  readonly redirect: string;
};

/** A response, or what happens instead of one. */
export type Script = Response | Error | "silence";

export type FakeGateway = {
  readonly client: Client;
  readonly sent: readonly Sent[];
  /** What the client waited before retries, in ms. */
  readonly waits: readonly number[];
};

export const NOW_MS = Date.parse("2026-11-20T10:00:00.000Z");

/** A client whose requests go to a script in place of the network. A request beyond the script's end is a failure of the test. */
export function fakeGateway(script: readonly Script[], options: Partial<ClientOptions> = {}): FakeGateway {
  const left = [...script];
  const sent: Sent[] = [];
  const waits: number[] = [];
  const client = createClient({
    base_url: "https://gate.example.net",
    token: "t0ken",
    now: () => NOW_MS,
    async sleep(ms) {
      waits.push(ms);
    },
    async fetch(url, init) {
      const request = new Request(url, init);
      const { method, headers, redirect } = request;
      sent.push({ method, url, headers, body: await request.text(), redirect });
      const next = left.shift();
      if (next === undefined) throw new Error(`No response for ${method} ${url}`);
      if (next === "silence") return await new Promise<never>(() => undefined);
      if (next instanceof Error) throw next;
      return next;
    },
    ...options,
  });
  return { client, sent, waits };
}

export function problem(status: number, more: object = {}, headers: Readonly<Record<string, string>> = {}): Response {
  const body = {
    type: "about:blank",
    code: "conflict",
    title: `Problem ${status}.`,
    status,
    detail: `Problem ${status}.`,
    ...more,
  };
  return Response.json(body, { status, headers: { "content-type": "application/problem+json", ...headers } });
}
