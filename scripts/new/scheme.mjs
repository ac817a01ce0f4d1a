import { createHmac } from "node:crypto";
import { addToRegistry, addToTable } from "./edits.mjs";

const SECRET = "a secret of the vendor";
const BODY = '{"event":"opened"}';

/**
 * A scheme with an HMAC-SHA256 of the body in a header of its own.
 * @param {import("./names.mjs").Names} names
 * @returns {import("./plan.mjs").Plan}
 */
export function scheme({ name, constant, title }) {
  const header = `x-${name}-signature`;
  return {
    files: {
      [`src/signing/schemes/${name}.ts`]: `import { hmacHeader } from "../hmac-header.ts";
import { textSecret } from "../secrets.ts";
import type { InboundScheme } from "./scheme.ts";

/** ${title} signs the body. */
export const ${constant} = {
  secret: textSecret("vendor"),
  options: null,
  read: hmacHeader({ header: "${header}" }),
} satisfies InboundScheme;
`,
      [`test/fixtures/signatures/${name}.ts`]: `import { type Sender, hmacOfBody } from "../../support/signers.ts";

export const senders: readonly Sender[] = [hmacOfBody("${name}", "${header}", "")];
`,
      [`test/signing/schemes/${name}.test.ts`]: `import { expect, it } from "vitest";
import { type Result, ok } from "../../../src/model/result.ts";
import { openSecret, verifySignature } from "../../../src/signing/inbound.ts";

const SETTINGS = { scheme: "${name}" };
const HEADERS = {
  "${header}": "${createHmac("sha256", SECRET).update(BODY).digest("hex")}",
};

async function outcomeOf(body: string): Promise<string> {
  const key = await openSecret(SETTINGS, "${SECRET}");
  if (key === null) throw new Error("the secret was refused");
  const head = { method: "POST", url: new URL("https://gate.example.net/"), headers: new Headers(HEADERS) };
  const read = (): Promise<Result<Uint8Array, never>> => Promise.resolve(ok(new TextEncoder().encode(body)));
  const verified = await verifySignature(SETTINGS, [key], head, read, 0);
  return verified.ok ? "accepted" : verified.error;
}

it("the example of ${title} is accepted, and not with another body", async () => {
  expect(await outcomeOf('${BODY}')).toBe("accepted");
  expect(await outcomeOf('${BODY.replace("opened", "closed")}')).toBe("mismatch");
});
`,
      [`docs/signatures/${name}.md`]: `# ${title} (\`scheme: "${name}"\`)

| | |
| --- | --- |
| senders | ${title} |
| header | \`${header}\` |
| algorithm | HMAC-SHA256, hex |
| covers | the body |
| time | not signed |
| secret | issued by the vendor: give it as \`secret\` |

## Set up

\`\`\`sh
curl -sS "$HOOKGATE_URL/api/v1/integrations" -H "authorization: Bearer $HOOKGATE_TOKEN" -H 'content-type: application/json' \\
  -d '{"name":"${title}","type":"catch","auth":{"type":"signature","scheme":"${name}","secret":"…"}}'
\`\`\`

## Notes

${title} signs no time. A request with the same signed body is the same event: see [repeats](../authentication.md#repeats-of-signed-requests).
`,
    },
    edits: [
      {
        path: "src/signing/schemes/registry.ts",
        edit: addToRegistry("export const INBOUND_SCHEMES = {", { constant, key: name, module: `./${name}.ts` }),
      },
      {
        path: "docs/authentication.md",
        edit: addToTable("| `scheme` |", `| [\`${name}\`](signatures/${name}.md) | ${title} | issued by the vendor |`),
      },
    ],
    steps: [
      `Describe in src/signing/schemes/${name}.ts what the vendor signs, and link its documentation.`,
      `Sign in test/fixtures/signatures/${name}.ts as the vendor does, by its documentation only.`,
      `Put an example that the vendor publishes into test/signing/schemes/${name}.test.ts.`,
      `Correct docs/signatures/${name}.md and its row in docs/authentication.md.`,
      "Run npm run openapi, npm run client and npm run check.",
      `Run npm test -- test/signing test/contract/signatures.test.ts test/flow/signatures.test.ts.`,
    ],
  };
}
