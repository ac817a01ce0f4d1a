import { describe, expect, it, vi } from "vitest";
import { allowedUrl } from "../../support/urls.ts";
import { type DeliveryRequest, send } from "../../../src/delivery/request/send.ts";

const encoder = new TextEncoder();
const now = () => Date.now();

function request(changes: Partial<DeliveryRequest> = {}): DeliveryRequest {
  const url = allowedUrl("https://receiver.example.com/hook");
  return { url, method: "POST", headers: { "x-mine": "1" }, body: encoder.encode("{}"), timeout_ms: 5_000, ...changes };
}

function outside(answer: (init: RequestInit) => Response | Promise<Response>) {
  return vi.spyOn(globalThis, "fetch").mockImplementation(async (_, init) => await answer(init ?? {}));
}

/** The time-out of the request in hand: `pass` lets it run out. */
function fakeTimeout(): { readonly pass: () => void; readonly asked: number[] } {
  const controller = new AbortController();
  const asked: number[] = [];
  vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
    asked.push(ms);
    return controller.signal;
  });
  return { asked, pass: () => controller.abort(new DOMException("The operation timed out", "TimeoutError")) };
}

function whenAborted(init: RequestInit, then: (reason: unknown) => void): void {
  init.signal?.addEventListener("abort", () => then(init.signal?.reason));
}

describe("a request", () => {
  it("goes out once, as it was made", async () => {
    const fetch = outside(() => new Response("thanks", { status: 202 }));
    const sent = await send(request(), now);
    expect(sent).toMatchObject({
      outcome: { kind: "responded", status: 202, retry_after_seconds: null },
      response_body: "thanks",
      error: null,
    });
    expect(fetch).toHaveBeenCalledTimes(1);
    const [url, init] = fetch.mock.calls[0] ?? [];
    expect(String(url)).toBe("https://receiver.example.com/hook");
    expect(init).toMatchObject({
      method: "POST",
      headers: { "x-mine": "1" },
      body: encoder.encode("{}"),
      redirect: "manual",
    });
  });

  it.each([301, 302, 303, 307, 308])("does not follow a redirect by %i", async (status) => {
    const fetch = outside(
      () => new Response(null, { status, headers: { location: "https://elsewhere.example.com/" } }),
    );
    const sent = await send(request(), now);
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(fetch.mock.calls[0]?.[1]?.redirect).toBe("manual");
    expect(sent.outcome).toEqual({ kind: "responded", status, retry_after_seconds: null });
    expect(sent.error).toContain("redirect");
  });

  it.each([
    ["https://elsewhere.example.com/a", "https://elsewhere.example.com/a"],
    ["/a?b=1", "https://receiver.example.com/a?b=1"],
    ["//elsewhere.example.com", "https://elsewhere.example.com/"],
  ])("reports the target of a redirect to %s", async (location, full) => {
    outside(() => new Response(null, { status: 302, headers: { location } }));
    expect((await send(request(), now)).location).toBe(full);
  });

  it.each(["javascript:alert(1)", "http://[", `/${"a".repeat(2_048)}`])(
    "says nothing of a redirect to %s, which leads nowhere",
    async (location) => {
      outside(() => new Response(null, { status: 302, headers: { location } }));
      expect(await send(request(), now)).not.toHaveProperty("location");
    },
  );

  it("ignores the Location of a success", async () => {
    outside(() => new Response(null, { status: 201, headers: { location: "/made" } }));
    expect(await send(request(), now)).not.toHaveProperty("location");
  });

  it("measures its duration by the given clock", async () => {
    outside(() => new Response("ok"));
    const times = [1_000, 1_250, 1_250, 1_250];
    expect((await send(request(), () => times.shift() ?? 1_250)).duration_ms).toBe(250);
  });

  it("returns the destination's Retry-After", async () => {
    outside(() => new Response("", { status: 429, headers: { "retry-after": "77" } }));
    expect((await send(request(), now)).outcome).toEqual({ kind: "responded", status: 429, retry_after_seconds: 77 });
  });
});

describe("a time-out", () => {
  it("ends a wait for headers", async () => {
    const timeout = fakeTimeout();
    outside((init) => {
      const { promise, reject } = Promise.withResolvers<Response>();
      whenAborted(init, reject);
      queueMicrotask(timeout.pass);
      return promise;
    });
    const sent = await send(request({ timeout_ms: 1_234 }), now);
    expect(timeout.asked).toEqual([1_234]);
    expect(sent).toMatchObject({ outcome: { kind: "timed_out" }, response_body: null });
    expect(sent.error).toBe("The destination did not respond within 1234 ms.");
  });

  it("ends a body that stalls after its headers", async () => {
    const timeout = fakeTimeout();
    outside((init) => {
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(encoder.encode("so far"));
          whenAborted(init, (reason) => controller.error(reason));
        },
        pull: timeout.pass,
      });
      return new Response(body, { status: 200 });
    });
    const sent = await send(request(), now);
    expect(sent).toMatchObject({ outcome: { kind: "timed_out" }, response_body: null });
    expect(timeout.asked).toHaveLength(1);
  });
});

describe("the body of a response", () => {
  it("that never ends is cut after 2 KB and cancelled", async () => {
    let pulls = 0;
    const cancelled = Promise.withResolvers<void>();
    const chunk = encoder.encode("x".repeat(100));
    outside(() => {
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          pulls += 1;
          if (pulls > 1_000) throw new Error("read on");
          controller.enqueue(chunk);
        },
        cancel: () => cancelled.resolve(),
      });
      return new Response(body);
    });
    const sent = await send(request(), now);
    expect(sent.outcome).toMatchObject({ kind: "responded", status: 200 });
    expect(sent.response_body).toBe("x".repeat(2_048));
    await cancelled.promise;
    expect(pulls).toBeLessThan(50);
  });

  it("whose cancellation hangs or fails is not waited for", async () => {
    for (const cancel of [() => new Promise<void>(() => {}), () => Promise.reject(new Error("no"))]) {
      outside(
        () =>
          new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(2_048)), cancel })),
      );
      expect((await send(request(), now)).outcome).toMatchObject({ kind: "responded" });
    }
  });

  it.each([
    ["of exactly 2 KB", "y".repeat(2_048), "y".repeat(2_048)],
    ["of one byte more", "y".repeat(2_049), "y".repeat(2_048)],
    ["that is empty", "", ""],
  ])("%s is stored up to 2 KB", async (_, body, kept) => {
    outside(() => new Response(body));
    expect((await send(request(), now)).response_body).toBe(kept);
  });

  it("is null if there is none", async () => {
    outside(() => new Response(null, { status: 204 }));
    expect((await send(request(), now)).response_body).toBeNull();
  });

  it.each(["é", "€", "😀"])("is cut without breaking when the limit falls inside %s", async (letter) => {
    for (const shift of [0, 1, 2, 3]) {
      outside(() => new Response("a".repeat(shift) + letter.repeat(2_048)));
      const sent = await send(request(), now);
      const kept = sent.response_body ?? "";
      expect(kept.isWellFormed()).toBe(true);
      expect(kept).not.toContain("\ufffd");
      expect(encoder.encode(kept).length).toBeLessThanOrEqual(2_048);
      expect(encoder.encode(kept).length).toBeGreaterThan(2_044);
    }
  });

  it("is read whole if its characters arrive in pieces", async () => {
    const bytes = encoder.encode("grüße 😀 €");
    outside(
      () =>
        new Response(
          new ReadableStream<Uint8Array>({
            start(controller) {
              for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
              controller.close();
            },
          }),
        ),
    );
    expect((await send(request(), now)).response_body).toBe("grüße 😀 €");
  });

  it("that is not text does no harm", async () => {
    outside(() => new Response(Uint8Array.of(0xff, 0x00, 0xfe, 0x41)));
    expect((await send(request(), now)).response_body).toContain("A");
  });
});

describe("a failure", () => {
  const secret = "connect ECONNREFUSED 10.0.0.7 with password hunter2";

  it.each([new TypeError(secret), new Error(secret), secret, null])(
    "is told in our own words where %s is thrown",
    async (thrown) => {
      outside(() => {
        throw thrown;
      });
      const sent = await send(request(), now);
      expect(sent).toMatchObject({ outcome: { kind: "failed" }, response_body: null });
      expect(sent.error).toBe("The connection failed or was closed before the response was complete.");
    },
  );

  it("in the middle of the body leaves the status: a 200 is a success", async () => {
    outside(() => new Response(new ReadableStream({ pull: (controller) => controller.error(new Error(secret)) })));
    const sent = await send(request(), now);
    expect(sent.outcome).toMatchObject({ kind: "responded", status: 200 });
    expect(sent.response_body).toBeNull();
    expect(JSON.stringify(sent)).not.toContain("hunter2");
  });

  it("of a header that cannot be sent is a failed attempt, not a throw", async () => {
    vi.spyOn(globalThis, "fetch").mockImplementation(async (url, init) => {
      const made = new Request(url, init);
      return await Promise.resolve(new Response(made.url));
    });
    const sent = await send(request({ headers: { "x-bad": "line\nbreak" } }), now);
    expect(sent.outcome).toEqual({ kind: "failed" });
  });

  it.each([400, 404, 408, 425, 429, 500, 503])("by status %i names the status", async (status) => {
    outside(() => new Response("", { status }));
    expect((await send(request(), now)).error).toBe(`The destination responded with status ${status}.`);
  });
});
