import { ok } from "../../model/result.ts";
import { readHeader } from "../claim.ts";
import { utf8 } from "../hmac.ts";
import { textKey } from "../keys.ts";
import type { InboundScheme } from "./scheme.ts";

/**
 * GitLab's secret token is no signature: GitLab sends the secret itself, which covers nothing.
 * https://docs.gitlab.com/user/project/integrations/webhooks/#create-a-webhook
 */
export const gitlab = {
  secret: { generated_prefix: "sec_", form: "must be a text", open: (secret) => textKey(utf8(secret)) },
  options: null,
  read: ({ headers }) => {
    const token = readHeader(headers, "x-gitlab-token");
    if (!token.ok) return token;
    return ok({ repeat_mark: { kind: "none" }, signatures: [utf8(token.value)], signed_at_ms: null, covers: null });
  },
} satisfies InboundScheme;
