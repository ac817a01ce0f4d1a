import { vi } from "vitest";
import { asFetch } from "../support/strict-platform/install.ts";
import type { Random } from "./random.ts";

/** A request that reached the outside, and what it was answered. */
export type Arrival = {
  readonly destination_id: string;
  readonly type: string;
  readonly event: string | null;
  readonly webhook_id: string;
  readonly ok: boolean;
};

/** What the gateway waits for attempts before it goes on without them, in ms. */
const BUDGET_MS = 1_000;
/** How long others get to end before the budget is over, and how long a hanging one then takes, in real ms. */
const STIR_MS = 3;

/**
 * The outside: receivers that fail, hang beyond the time that a batch has, or say that they are gone. Nobody waits for
 * one that hangs: the batch's budget is then over at once.
 */
export class Receivers {
  readonly arrivals: Arrival[] = [];
  /** The destination that answers 410 from some time on. */
  gone: string | null = null;
  readonly #random: Random;
  readonly #isDue: (probability: number) => boolean;
  readonly #budgets = new Map<ReturnType<typeof setTimeout>, () => void>();

  constructor(random: Random, isDue: (probability: number) => boolean) {
    this.#random = random;
    this.#isDue = isDue;
    const setReal = setTimeout;
    const clearReal = clearTimeout;
    this.#wait = (ms) => new Promise((resolve) => setReal(resolve, ms));
    vi.stubGlobal("setTimeout", (run: () => void, ms: number) => {
      const id = setReal(run, ms);
      if (ms === BUDGET_MS) this.#budgets.set(id, run);
      return id;
    });
    vi.stubGlobal("clearTimeout", (id: ReturnType<typeof setTimeout>) => {
      this.#budgets.delete(id);
      clearReal(id);
    });
    vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
      const request = new Request(input, init);
      return await asFetch(request.url, () => this.#receive(request));
    });
  }

  readonly #wait: (ms: number) => Promise<unknown>;

  async #hang(): Promise<void> {
    await this.#wait(STIR_MS);
    for (const run of this.#budgets.values()) run();
    this.#budgets.clear();
    await this.#wait(STIR_MS);
  }

  async #receive(request: Request): Promise<Response> {
    const isFailure = this.#isDue(0.25);
    const isHanging = this.#isDue(0.12);
    const body = await request.text();
    const destination_id = new URL(request.url).pathname.slice(1);
    const isGone = destination_id === this.gone;
    const parsed: { readonly type: string; readonly data: { readonly event?: { readonly id: string } } } =
      JSON.parse(body);
    this.arrivals.push({
      destination_id,
      type: parsed.type,
      event: parsed.data.event?.id ?? null,
      webhook_id: request.headers.get("webhook-id") ?? "",
      ok: !isFailure && !isGone,
    });
    if (isHanging) await this.#hang();
    if (isFailure && this.#random() < 0.3) throw new TypeError("Network connection lost.");
    return new Response("", { status: isFailure ? 503 : isGone ? 410 : 200 });
  }
}
