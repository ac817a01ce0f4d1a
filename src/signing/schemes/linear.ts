import { isJsonObject } from "../../model/json.ts";
import { ok } from "../../model/result.ts";
import { hmacHeader } from "../hmac-header.ts";
import { textSecret } from "../secrets.ts";
import type { InboundScheme } from "./scheme.ts";

const readSignature = hmacHeader({ header: "linear-signature" });

function timeOf(body: Uint8Array): number | null {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(body));
    const time = isJsonObject(parsed) ? parsed["webhookTimestamp"] : null;
    return typeof time === "number" && Number.isFinite(time) ? time : null;
  } catch {
    return null;
  }
}

/** Linear signs the body, which contains the time: https://linear.app/developers/webhooks#securing-webhooks */
export const linear = {
  secret: textSecret("vendor"),
  options: null,
  read: (head) => {
    const claim = readSignature(head);
    return claim.ok ? ok({ ...claim.value, time_in_body: timeOf }) : claim;
  },
} satisfies InboundScheme;
