import { describe, expect, it } from "vitest";
import { alertIdOf, lowestIdAt } from "../../../src/model/ids.ts";
import { unwrap } from "../../../src/client/index.ts";
import { client, clientOf } from "../../support/api.ts";
import { emptyMeter, meteredDatabase } from "../../support/metered-database.ts";
import { tables } from "../../support/tables.ts";

const COUNT = 12_000;
const DAY_MS = 86_400_000;
const START = Date.now() - DAY_MS;

type Opened = { readonly at: number; readonly key: string; readonly integration_id?: string };

/** The event that opened an alert. */
const openerAt = (at: number): string => lowestIdAt("evt", at);

async function store(alerts: readonly Opened[]): Promise<void> {
  await tables.alerts.insert(
    ...alerts.map(({ at, key, integration_id = "int_1" }) => {
      return {
        id: alertIdOf(openerAt(at)),
        key,
        integration_id,
        namespace: integration_id,
        status: "resolved",
        fields: {},
      };
    }),
  );
}

async function storeHistory(
  namespace: string,
  key: string,
  openers: readonly number[],
  through?: number,
): Promise<void> {
  const log = Object.fromEntries(openers.map((at) => [openerAt(at), "create"]));
  const compacted = through === undefined ? null : { through: openerAt(through), episode: null };
  await tables.alert_histories.insert({ namespace, key, log, compacted });
}

/** The times of the alerts of a key, newest first, and the rows that were read for them. */
async function find(query: { readonly key: string; readonly integration_id?: string }) {
  const meter = emptyMeter();
  const own = clientOf({ bindings: { DB: meteredDatabase(meter) } });
  await own.tokens.list();
  meter.read = 0;
  const ids = (await Array.fromAsync(own.alerts.all({ ...query, limit: 2 }))).map(({ id }) => id);
  return { ids, read: meter.read };
}

const idsAt = (...times: number[]): string[] => times.map((at) => alertIdOf(openerAt(at)));

describe("the alerts of a key", () => {
  it("are found through its history, however many others there are", async () => {
    const others = Array.from({ length: COUNT }, (_, index) => ({ at: START + index, key: `key-${index}` }));
    await store(others.filter(({ at }) => at !== START + 7 && at !== START + 9));
    await store([
      { at: START + 7, key: "disk" },
      { at: START + 9, key: "disk", integration_id: "int_2" },
    ]);
    await storeHistory("int_1", "disk", [START + 7, START + 8]);
    await storeHistory("int_2", "disk", [START + 9]);
    await storeHistory("int_3", "other", [START + 10]);
    const one = await find({ key: "disk", integration_id: "int_1" });
    expect(one.ids).toEqual(idsAt(START + 7));
    expect(one.read).toBeLessThan(60);
    const all = await find({ key: "disk" });
    expect(all.ids).toEqual(idsAt(START + 9, START + 7));
    expect(all.read).toBeLessThan(80);
    const none = await find({ key: "' OR 1=1" });
    expect(none.ids).toEqual([]);
    expect(none.read).toBeLessThan(60);
  });

  it("are found under an alias, before the compacted part of a history, and where retention has deleted the history", async () => {
    await store([
      { at: START + 1, key: "disk" },
      { at: START + 2, key: "disk" },
      { at: START + 5, key: "disk" },
      { at: START + 6, key: "shared" },
      { at: START - 60 * DAY_MS, key: "disk" },
    ]);
    await storeHistory("int_1", "disk", [START + 5], START + 2);
    await storeHistory("*", "root", [START + 6]);
    await tables.alert_aliases.insert({ alias: "shared", key: "middle" }, { alias: "middle", key: "root" });
    expect((await find({ key: "disk" })).ids).toEqual(idsAt(START + 5, START + 2, START + 1, START - 60 * DAY_MS));
    expect((await find({ key: "shared", integration_id: "int_1" })).ids).toEqual(idsAt(START + 6));
    expect(unwrap(await client.alerts.list({ key: "root" })).data).toEqual([]);
  });
});
