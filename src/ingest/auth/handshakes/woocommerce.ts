import { decodeUtf8 } from "../../../model/utf8.ts";
import { type Handshake, isShort, responded } from "./handshake.ts";

const PING = /^webhook_id=\d{1,20}$/;
const MAX_BYTES = 40;
const FORM = "application/x-www-form-urlencoded";

/**
 * WooCommerce pings an address when a webhook is saved, with an unsigned form:
 * https://github.com/woocommerce/woocommerce/blob/trunk/plugins/woocommerce/includes/class-wc-webhook.php (`deliver_ping`)
 */
export const woocommerce: Handshake = {
  stage: "before_credentials",
  matches: (_integration, request) =>
    request.method === "POST" &&
    isShort(request, MAX_BYTES) &&
    (request.headers.get("content-type") ?? "").startsWith(FORM) &&
    !request.headers.has("x-wc-webhook-signature"),
  async respond({ request }) {
    const body = await request.body();
    return body.ok && PING.test(decodeUtf8(body.value) ?? "") ? responded(Response.json({ status: "success" })) : null;
  },
};
