import { describe, expect, it } from "vitest";
import { processAlone } from "../../src/pipeline/alone.ts";
import { createWorld } from "../support/world.ts";
import { seeded } from "../faults/random.ts";

const NAMES = Array.from({ length: 20 }, (_, index) => `message-${index}`);
const POISON = "message-0";

describe("messages that may have killed their invocations", () => {
  it("are processed one by one, and all others have had their turn before a poisonous one uses up its tries", async () => {
    const random = seeded(7);
    const context = { ...createWorld().context, random };
    const done = new Set<string>();
    let together = 0;
    for (let tries = 3; tries < 50; tries++) {
      // A killed invocation never returns. What it recorded before stays.
      const killed = Promise.withResolvers<void>();
      const process = async (name: string): Promise<boolean> => {
        together += 1;
        expect(together).toBe(1);
        if (name === POISON) {
          together = 0;
          killed.resolve();
          return await new Promise(() => {});
        }
        await Promise.resolve();
        done.add(name);
        together -= 1;
        return true;
      };
      void processAlone(context, NAMES, process, () => false);
      await killed.promise;
    }
    expect(done.size).toBe(NAMES.length - 1);
  });

  it("leave the rest for later once the allowance is used up, but the first is always processed", async () => {
    const { context } = createWorld();
    const done: string[] = [];
    const process = (name: string): Promise<boolean> => Promise.resolve(done.push(name) > 0);
    const left = await processAlone(context, NAMES, process, () => true);
    expect(done).toEqual(["message-0"]);
    expect(left).toEqual({ carried_over: NAMES.slice(1), failed: [] });
  });

  it("are at most forty in one invocation", async () => {
    const { context } = createWorld();
    const names = Array.from({ length: 100 }, (_, index) => `message-${index}`);
    const { carried_over } = await processAlone(
      context,
      names,
      () => Promise.resolve(true),
      () => false,
    );
    expect(carried_over).toHaveLength(60);
  });

  it("are left alone after three of them failed one after the other", async () => {
    const { context } = createWorld();
    const left = await processAlone(
      context,
      NAMES,
      () => Promise.resolve(false),
      () => false,
    );
    expect(left).toEqual({ carried_over: [], failed: NAMES.slice(3) });
  });
});
