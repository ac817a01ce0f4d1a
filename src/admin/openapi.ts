import { ok } from "../model/result.ts";
import type { Verb } from "./call.ts";
import { type AdminApp, mount } from "./mount.ts";
import document from "./openapi/document.json" with { type: "json" };

const show: Verb = async () => ok({ status: 200, body: document });

export function mountOpenApi(app: AdminApp): void {
  mount(app, "/openapi.json", { GET: show });
}
