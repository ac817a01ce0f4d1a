import * as z from "zod/mini";
import { SCOPES } from "../../model/token.ts";
import { change, creation } from "../tokens/tokens.ts";
import { type Section, changing, creating, deleting, listing, showing } from "./operation.ts";
import { idOf, pageOf, stamps, time } from "./shared.ts";

const token = z.strictObject({
  id: idOf("tok"),
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  expires_at: z.nullable(time),
  ...stamps,
});
const revealed = z.extend(token, { token: z.string().check(z.describe("In this answer and in no other.")) });

const page = pageOf(token);
const path = "/api/v1/tokens";
const scope = "admin";

export const tokens: Section = {
  tag: "tokens",
  description: "API tokens. `write` includes `read`, `admin` both.",
  requests: { TokenCreation: creation, TokenChange: change },
  answers: { Token: token, RevealedToken: revealed, TokenList: page },
  operations: [
    listing(page, { id: "listTokens", path, summary: "List tokens", scope }),
    creating(creation, revealed, { id: "createToken", path, summary: "Make a token", scope }),
    showing(token, { id: "getToken", path: `${path}/{id}`, summary: "Show a token", scope }),
    changing(change, token, { id: "changeToken", path: `${path}/{id}`, summary: "Change a token", scope }),
    deleting({ id: "deleteToken", path: `${path}/{id}`, summary: "Revoke a token", scope }),
  ],
};
