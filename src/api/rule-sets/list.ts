import * as z from "zod/mini";
import { RULE_SET_CATEGORIES } from "../../sources/rules/sets/rule-set.ts";
import { ruleSetSummaries } from "../../sources/rules/sets/index.ts";
import { endpoint, returns } from "../endpoint.ts";
import { answerSchema, jsonMap } from "../schema.ts";

const ruleSetList = answerSchema(
  "RuleSetList",
  z.strictObject({
    data: z.array(
      z.strictObject({
        name: z.string().check(z.describe("For `options.rule_set` of an integration.")),
        title: z.string(),
        category: z.enum(RULE_SET_CATEGORIES),
        actions: z.array(z.string()).check(z.describe("What its rules can do, such as `create` and `resolve`.")),
        vendor_url: z.nullable(z.url()),
        docs: z.nullable(z.string()).check(z.describe("A path in the repository.")),
        options: jsonMap,
      }),
    ),
  }),
);

export const list = endpoint({
  id: "ruleSets.list",
  method: "GET",
  path: "/rule-sets",
  scope: "read",
  summary: "List the ready-made rule sets",
  answers: { 200: returns(ruleSetList, "All rule sets.") },
}).handle(async () => ({ status: 200, body: { data: ruleSetSummaries() } }));
