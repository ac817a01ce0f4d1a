import { ok } from "../../model/result.ts";
import { ruleSetSummaries } from "../../sources/rules/sets/index.ts";
import type { Verb } from "../call.ts";
import { type AdminApp, mount } from "../mount.ts";

const list: Verb = async () => ok({ status: 200, body: { data: ruleSetSummaries() } });

export function mountRuleSets(app: AdminApp): void {
  mount(app, "/rule-sets", { GET: list });
}
