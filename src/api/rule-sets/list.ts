import * as z from "zod/mini";
import { RULE_SET_CATEGORIES } from "../../sources/rules/sets/rule-set.ts";
import { CAPABILITIES, searchRuleSets } from "../../sources/rules/summaries.ts";
import { endpoint, returns } from "../endpoint.ts";
import { answerSchema, jsonMap } from "../schema.ts";

const MAX_QUERY = 200;

const ruleSetList = answerSchema(
  "RuleSetList",
  z.strictObject({
    data: z.array(
      z.strictObject({
        name: z.string().check(z.describe("For `options.rule_set` of an integration.")),
        title: z.string(),
        category: z.enum(RULE_SET_CATEGORIES),
        logo: z.string().check(z.describe("The name of the product's logo in Simple Icons, which may not have it.")),
        capabilities: z
          .array(z.enum(CAPABILITIES))
          .check(
            z.describe(
              "What it can do beside opening alerts. With `severity`, the urgency follows what the product says; with `test`, a test notification of the product is delivered as a test.",
            ),
          ),
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
  description:
    "With `q`, those whose name, title, category or capabilities have all words of the text, in any case and spelling of the spaces; the best first.",
  query: {
    q: z.optional(z.string().check(z.maxLength(MAX_QUERY))),
    category: z.optional(z.enum(RULE_SET_CATEGORIES)),
  },
  answers: { 200: returns(ruleSetList, "The rule sets, in one page.") },
}).handle(async ({ query: { q = "", category = null } }) => ({
  status: 200,
  body: { data: [...searchRuleSets(q, category)] },
}));
