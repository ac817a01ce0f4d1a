import { describe, expect, it } from "vitest";
import { type FilterSubject, unknownNames } from "../../src/filters/names.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { client, createIntegration, faultsOf, statusOf, textOf, unchecked } from "../support/api.ts";

const SUBJECT: FilterSubject = { names: ["type", "data"], suggest: (path) => `data.${path}` };

describe("the names of a filter", () => {
  it.each<[JsonObject, string[]]>([
    [{ "data.alert.urgency": "high", type: "a", data: {} }, []],
    [{ "alert.urgency": "high" }, ["alert.urgency"]],
    [{ $or: [{ urgency: "high" }, { $nor: [{ type: "a", x: 1 }] }] }, ["$or[0].urgency", "$or[1].$nor[0].x"]],
    [{ "data.list": { $elemMatch: { urgency: "high" } } }, []],
    [{ database: 1 }, ["database"]],
  ])("%j has %j that cannot exist", (filter, paths) => {
    const found = unknownNames(filter, SUBJECT);
    expect(found.map(({ path }) => path)).toEqual(paths);
    for (const { message } of found) expect(message).toContain('Did you mean "data.');
  });
});

it("rules with a name that no request has are refused on POST and PATCH, with the path that was meant", async () => {
  const actions = [{ type: "create", title: "t", thirdparty_id: "1" }];
  const rules = (match: object) => ({
    rules: [
      { match: {}, actions },
      { match, actions },
    ],
  });
  const body = { name: "a", type: "rules", options: rules({ "data.status": "down" }) };
  const posted = await client.integrations.create(unchecked(body));
  expect(faultsOf(posted)).toEqual(["options.rules[1].match.data.status"]);
  expect(textOf(posted)).toContain("log.data.status");
  const { id } = await createIntegration({ type: "rules", options: unchecked(rules({ "log.data.status": "down" })) });
  const changed = await client.integrations.update(id, { options: unchecked(rules({ status: "down" })) });
  expect(faultsOf(changed)).toEqual(["options.rules[1].match.status"]);
  expect(textOf(changed)).toContain("log.data.status");
  expect(statusOf(await client.integrations.update(id, { name: "b" }))).toBe(200);
});
