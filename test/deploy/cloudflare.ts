import type { IncomingMessage } from "node:http";
import { onTestFinished } from "vitest";
import { LocalServer } from "../../scripts/drive/local-server.mjs";
import { Account } from "./account.ts";
import { ApiFault, Page, answerOf } from "./answers.ts";

const API_TOKEN = "token-of-the-test";
const BASE = "/client/v4";

export type Call = { readonly method: string; readonly path: string; readonly body: ReturnType<typeof JSON.parse> };
type Hanging = { readonly method: string; readonly path: RegExp; readonly reached: () => void };
type Refusal = { readonly method: string; readonly path: RegExp; readonly fault: ApiFault };

/** The part `metadata` of an upload. */
function metadataIn(form: string): unknown {
  const part = form.split(/\r\n--/).find((one) => one.includes('name="metadata"'));
  return part === undefined ? null : JSON.parse(part.slice(part.indexOf("\r\n\r\n")));
}

/** Parses a body: JSON, the metadata of an upload, or nothing. */
function parse(request: IncomingMessage, bytes: Buffer): unknown {
  const sent = bytes.toString();
  if (request.headers["content-type"]?.startsWith("multipart/form-data") === true) return metadataIn(sent);
  return sent.startsWith("{") || sent.startsWith("[") ? JSON.parse(sent) : null;
}

/**
 * A stand-in for the API of Cloudflare with one account. It answers what wrangler and the scripts call when they deploy. What it
 * does not know is an error, so that a new call is noticed.
 */
export class Cloudflare {
  readonly account = new Account();
  readonly calls: Call[] = [];
  readonly #refusals: Refusal[] = [];
  readonly #hanging: Hanging[] = [];
  readonly #server = new LocalServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const path = url.pathname.slice(BASE.length).replace(`/accounts/${this.account.id}`, "");
    const method = request.method ?? "";
    const bytes = Buffer.concat(await request.toArray());
    const body = parse(request, bytes);
    this.calls.push({ method, path, body });
    try {
      if (request.headers.authorization === undefined) throw new ApiFault(401, 10_000, "Authentication error");
      const refusal = this.#refusals.find((one) => one.method === method && one.path.test(path));
      if (refusal !== undefined) throw refusal.fault;
      const hanging = this.#hanging.find((one) => one.method === method && one.path.test(path));
      if (hanging !== undefined) {
        hanging.reached();
        return;
      }
      const result = answerOf(this.account, { method, path, query: url.searchParams, body, bytes });
      if (Buffer.isBuffer(result)) {
        response.writeHead(200, { "content-type": "application/json" }).end(result);
        return;
      }
      response.writeHead(200, { "content-type": "application/json" });
      const page = result instanceof Page ? { result: result.result, result_info: result.info } : { result };
      response.end(JSON.stringify({ success: true, errors: [], messages: [], result_info: {}, ...page }));
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error;
      const { status, code, message } = error;
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify({ success: false, errors: [{ code, message }], messages: [], result: null }));
    }
  });

  /** Makes calls fail as if the token lacked a permission, or as the fault says. Returns a function that ends it. */
  refuse(method: string, path: RegExp, fault = new ApiFault(403, 10_000, "Authentication error")): () => void {
    const refusal = { method, path, fault };
    this.#refusals.push(refusal);
    return () => this.#refusals.splice(this.#refusals.indexOf(refusal), 1);
  }

  /** Never answers calls of a kind. Waits until there is one. */
  async hang(method: string, path: RegExp): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#hanging.push({ method, path, reached: resolve });
    await promise;
  }

  /** Ends it. */
  answer(): void {
    this.#hanging.length = 0;
  }

  /** The calls that change something, from the given number of calls on. */
  changes(from = 0): string[] {
    return this.calls
      .slice(from)
      .filter(({ method, path }) => method !== "GET" && !path.endsWith("/query"))
      .map(({ method, path }) => `${method} ${path}`);
  }

  /** The variables by which wrangler and the scripts use this account. */
  get variables(): Record<string, string> {
    return {
      CLOUDFLARE_API_BASE_URL: `${this.#server.origin}${BASE}`,
      CLOUDFLARE_API_TOKEN: API_TOKEN,
      CLOUDFLARE_ACCOUNT_ID: this.account.id,
    };
  }

  static async start(): Promise<Cloudflare> {
    const cloudflare = new Cloudflare();
    await cloudflare.#server.start();
    onTestFinished(() => cloudflare.#server.stop());
    return cloudflare;
  }
}
