import { env } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import { contextOf, forgetContext } from "../../src/context.ts";
import type { EventMessage } from "../../src/model/event.ts";
import {
  createWorld,
  eventMessage,
  fakeOutside,
  insertDestination,
  insertRoute,
  processBatch,
} from "../support/world.ts";

// D1 bills rows written. The figures are exact, so that a change of one is noticed.

type Spent = { written: number; batches: number };

function countingDatabase(spent: Spent): D1Database {
  return new Proxy(env.DB, {
    get(target, name) {
      if (name === "batch") {
        return async (statements: D1PreparedStatement[]) => {
          const results = await target.batch(statements);
          spent.batches += 1;
          for (const { meta } of results) spent.written += meta.rows_written;
          return results;
        };
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

async function spentOn(messages: readonly EventMessage[]): Promise<Spent> {
  const spent: Spent = { written: 0, batches: 0 };
  const { context } = createWorld({ DB: countingDatabase(spent) });
  await processBatch(context, messages);
  return spent;
}

beforeEach(async () => {
  // As it is deployed; the outbox adds two rows.
  // A message of an earlier test may have made the isolate's state meanwhile, with the variables of all tests.
  forgetContext();
  contextOf({ ...env, ACCEPT_DURABILITY: "queue" });
  fakeOutside();
  await insertDestination("dst_0000000000000000000000000001");
  await insertRoute("rte_test", ["dst_0000000000000000000000000001"]);
});

it("a create that is delivered at once writes two rows: its history, and itself with its delivery and its alert", async () => {
  expect(await spentOn([eventMessage("create", "disk")])).toEqual({ written: 2, batches: 2 });
});

it("an acknowledge, a resolve and a repeat write three rows each", async () => {
  await spentOn([eventMessage("create", "disk")]);
  expect(await spentOn([eventMessage("create", "disk")])).toEqual({ written: 3, batches: 2 });
  expect(await spentOn([eventMessage("acknowledge", "disk")])).toEqual({ written: 3, batches: 2 });
  expect(await spentOn([eventMessage("resolve", "disk")])).toEqual({ written: 3, batches: 2 });
});

it("a sender's own event id costs one row more, and a repeat of it nothing", async () => {
  expect(await spentOn([eventMessage("create", "disk", { repeat_key: "id:1" })])).toEqual({
    written: 3,
    batches: 2,
  });
  expect((await spentOn([eventMessage("create", "disk", { repeat_key: "id:1" })])).written).toBe(0);
});

it("a signed event costs one row more for its own id and one for its digest", async () => {
  const signed = (repeat_key?: string): EventMessage => {
    const own = repeat_key === undefined ? {} : { repeat_key };
    return { ...eventMessage("create", "disk", own), signed_key: "signed:1" };
  };
  expect(await spentOn([signed("id:1")])).toEqual({ written: 4, batches: 2 });
  expect((await spentOn([signed("id:1")])).written).toBe(0);
  expect((await spentOn([signed()])).written).toBe(0);
});

it("a repeated message writes nothing", async () => {
  const message = eventMessage("create", "disk");
  await spentOn([message]);
  expect((await spentOn([message])).written).toBe(0);
});

it("a hundred events of one batch take two transactions", async () => {
  const messages = Array.from({ length: 100 }, (_, index) => eventMessage("create", `key ${index}`));
  expect(await spentOn(messages)).toEqual({ written: 200, batches: 2 });
});
