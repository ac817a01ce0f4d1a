import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import worker from "../../../src/index.ts";
import { asFetch, checkMessages } from "./install.ts";
import { LimitExceeded, asInvocation, measureInvocation, takeViolations } from "./invocation.ts";
import { FREE, PAID } from "./limits.ts";

const select = () => env.DB.prepare("SELECT 1 AS one");

/** Runs work that exceeds a limit, and returns what was recorded. */
async function violationsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  await expect(asInvocation(PAID, work)).rejects.toThrow(LimitExceeded);
  return takeViolations();
}

describe("an invocation", () => {
  it("counts each statement and each call", async () => {
    const { usage } = await measureInvocation(PAID, async () => {
      await select().all();
      await select().first();
      await select().run();
      await select().raw();
      await env.DB.batch([select(), select().bind()]);
      await env.BODIES.head("absent");
      await asFetch("https://receiver.example.com/", async () => new Response("ok"));
    });
    expect(usage).toEqual({ d1_queries: 6, subrequests: 7, max_connections: 1, delayed: [] });
  });

  it("has the statements of its plan, and no more", async () => {
    const work = async () => {
      for (let i = 0; i < FREE.d1_queries; i++) await select().first();
    };
    await asInvocation(FREE, work);
    await expect(asInvocation(FREE, async () => await work().then(() => select().first()))).rejects.toThrow(
      LimitExceeded,
    );
    expect(takeViolations()).toEqual(["d1: more than 50 subrequests in one invocation"]);
  });

  it("has six connections: a seventh call waits until one of them has its headers", async () => {
    const { promise: headers, resolve } = Promise.withResolvers<Response>();
    const ended: string[] = [];
    const { usage } = await measureInvocation(PAID, async () => {
      const hanging = Array.from({ length: 6 }, (_, i) => asFetch(`https://receiver.example.com/${i}`, () => headers));
      const query = select()
        .first()
        .then(() => ended.push("query"));
      await scheduler.wait(20);
      expect(ended).toEqual([]);
      resolve(new Response("ok"));
      await Promise.all([...hanging, query]);
    });
    expect(usage).toMatchObject({ max_connections: 6, delayed: ["d1 SELECT 1 AS one"] });
  });

  it("is each call of the Worker's entry", async () => {
    const request = new Request("https://gate.example.net/api/v1/routes", {
      headers: { authorization: `Bearer ${env.ADMIN_TOKEN}` },
    });
    const { usage } = await measureInvocation(PAID, async () => await worker.fetch(request, env));
    expect(usage.d1_queries).toBeGreaterThan(0);
  });

  it("does not include the test around it", async () => {
    await env.DB.batch(Array.from({ length: 60 }, select));
    const { usage } = await measureInvocation(FREE, async () => {});
    expect(usage.d1_queries).toBe(0);
  });
});

describe("D1 refuses", () => {
  it("a statement of more than 100 KB", async () => {
    const sql = `SELECT '${"x".repeat(100_000)}'`;
    expect(await violationsOf(async () => await env.DB.prepare(sql).first())).toEqual([
      "d1: a statement of 100009 bytes",
    ]);
  });

  it("more than 100 parameters", async () => {
    const marks = Array.from({ length: 101 }, () => "?").join(",");
    const values = Array.from({ length: 101 }, (_, i) => i);
    expect(
      await violationsOf(
        async () =>
          await env.DB.prepare(`SELECT ${marks}`)
            .bind(...values)
            .first(),
      ),
    ).toEqual(["d1: 101 parameters"]);
  });

  it("a parameter of more than 2 MB, measured in UTF-8", async () => {
    const text = "é".repeat(1_000_001);
    expect(await violationsOf(async () => await env.DB.prepare("SELECT ?").bind(text).first())).toEqual([
      "d1: a parameter of 2000002 bytes",
    ]);
  });

  it("a row of more than 2 MB", async () => {
    const half = "x".repeat(1_100_000);
    const read = async () => void (await env.DB.prepare("SELECT ?1 AS a, ?1 AS b").bind(half).all());
    expect(await violationsOf(read)).toEqual([expect.stringMatching(/^d1: a row of 2200000 bytes/)]);
  });

  it("a result of more than 50 MB", async () => {
    const sql = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 51) SELECT ?1 AS a FROM n`;
    const read = async () => void (await env.DB.prepare(sql).bind("x".repeat(1_000_000)).all());
    expect(await violationsOf(read)).toEqual([expect.stringMatching(/^d1: a result of 51000000 bytes/)]);
  });
});

describe("a queue refuses", () => {
  const refused = (messages: Parameters<typeof checkMessages>[0]) => {
    expect(() => checkMessages(messages)).toThrow(LimitExceeded);
    return takeViolations();
  };

  it("a message of more than 128,000 bytes, as JSON or as text", () => {
    const text = "x".repeat(127_999);
    checkMessages([{ body: text, options: { contentType: "text" } }]);
    expect(refused([{ body: text, options: {} }])).toEqual(["queue: a message of 128001 bytes"]);
  });

  it("a batch of more than 100 messages or 256 KB", () => {
    const message = { body: "x", options: { contentType: "text" } };
    checkMessages(Array.from({ length: 100 }, () => message));
    expect(refused(Array.from({ length: 101 }, () => message))).toEqual(["queue: a batch of 101 messages"]);
    const large = { body: "x".repeat(100_000), options: { contentType: "text" } };
    expect(refused([large, large, large])).toEqual(["queue: a batch of 300000 bytes"]);
  });

  it("a delay of more than a day", () => {
    expect(refused([{ body: "x", options: { delaySeconds: 86_401 } }])).toEqual(["queue: a delay of 86401 s"]);
  });

  it("what the product sends through a binding", async () => {
    expect(await violationsOf(async () => await env.EVENTS.send("x".repeat(130_000)))).toEqual([
      "queue: a message of 130002 bytes",
    ]);
  });
});
