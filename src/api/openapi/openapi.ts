import { ok } from "../../model/result.ts";
import type { Verb } from "../call.ts";
import { type AdminApp, mount } from "../mount.ts";
import { DOCUMENT } from "./document-text.ts";

const show: Verb = async () => ok({ status: 200, body: null, json: DOCUMENT });

export function mountOpenApi(app: AdminApp): void {
  mount(app, "/openapi.json", { GET: show });
}
