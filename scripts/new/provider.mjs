import { addToRegistry, addToTable } from "./edits.mjs";

/**
 * A provider that posts to another Worker, which is bound to the gateway as a service.
 * @param {import("./names.mjs").Names} names
 * @returns {import("./plan.mjs").Plan}
 */
export function provider({ name, constant, title }) {
  const binding = name.toUpperCase().replaceAll("-", "_");
  return {
    files: {
      [`src/delivery/providers/${name}.ts`]: `import * as z from "zod/mini";
import type { Env } from "../../platform/bindings.ts";
import { callBinding } from "./call-binding.ts";
import { type Outgoing, defineProvider, unsent } from "./provider.ts";

type Service = { readonly fetch: (request: Request) => Promise<Response> };

function isService(binding: unknown): binding is Service {
  return typeof binding === "object" && binding !== null && typeof Reflect.get(binding, "fetch") === "function";
}

function findService(env: Env, name: string): Service | null {
  const binding: unknown = Object.hasOwn(env, name) ? Reflect.get(env, name) : null;
  return isService(binding) ? binding : null;
}

function requestOf({ delivery_id, event, body }: Outgoing): Request {
  return new Request("https://${name}.internal/", {
    method: "POST",
    headers: { "content-type": body.content_type, "webhook-id": delivery_id, "webhook-type": event.type },
    body: body.bytes,
  });
}

/** Posts to the Worker that the gateway's owner has bound as a service. */
export const ${constant} = defineProvider({
  options: () => z.strictObject({ binding: z.string().check(z.minLength(1), z.maxLength(100)) }),
  refuse: (env, options) => {
    if (options === null || findService(env, options.binding) !== null) return null;
    return { path: "options.binding", message: "is not the name of a service that is bound to this gateway" };
  },
  target: ({ binding }) => binding,
  async deliver(context, outgoing, { binding }) {
    const service = findService(context.env, binding);
    if (service === null) return unsent("refused", \`The gateway has no service bound as \${binding}.\`);
    return await callBinding(
      context,
      outgoing,
      async () => {
        const { ok, status } = await service.fetch(requestOf(outgoing));
        if (!ok) throw new Error(\`The service returned \${status}.\`);
      },
      () => "The service did not accept the request.",
    );
  },
});
`,
      [`test/fixtures/providers/${name}.json`]: `{
  "options": { "binding": "${binding}" },
  "refused": [{ "because_of": "no binding", "options": {} }]
}
`,
      [`test/delivery/providers/${name}.test.ts`]: `import { describe, expect, it } from "vitest";
import type { Sent } from "../../../src/delivery/request/send.ts";
import { eventWith, sendTo } from "./stand.ts";

async function post(status: number, received: Request[] = []): Promise<Sent> {
  const service = {
    fetch: (request: Request) => {
      received.push(request);
      return Promise.resolve(new Response(null, { status }));
    },
  };
  const destination = { type: "${name}", options: { binding: "${binding}" } };
  return await sendTo(destination, eventWith({ Host: "db-1" }), { ${binding}: service });
}

describe("a delivery to ${title}", () => {
  it("has the payload and the delivery's id", async () => {
    const received: Request[] = [];
    expect(await post(204, received)).toMatchObject({ outcome: { kind: "stored" }, error: null });
    expect(received.map(({ headers }) => headers.get("webhook-id"))).toEqual(["dlv_1"]);
    expect(await received[0]?.json()).toMatchObject({ data: { event: { payload: { Host: "db-1" } } } });
  });

  it("that is not accepted is a failed attempt", async () => {
    const error = "The service did not accept the request.";
    expect(await post(500)).toMatchObject({ outcome: { kind: "failed" }, error });
  });

  it("is not sent without the binding", async () => {
    const error = "The gateway has no service bound as ${binding}.";
    const sent = await sendTo({ type: "${name}", options: { binding: "${binding}" } }, eventWith({}));
    expect(sent).toMatchObject({ outcome: { kind: "refused" }, error });
  });
});
`,
      [`docs/destinations/${name}.md`]: `# ${title} (\`type: "${name}"\`)

Posts to another Worker, which you bind as a service in \`wrangler.toml\`:

\`\`\`toml
[[services]]
binding = "${binding}"
service = "${name}"
\`\`\`

| option | |
| --- | --- |
| \`binding\` | required: the name of the binding, such as \`${binding}\` |

The request has the body and the content type of the payload, and the headers \`webhook-id\` and \`webhook-type\`. A status
from 200 to 299 is a success.
`,
    },
    edits: [
      {
        path: "src/delivery/providers/registry.ts",
        edit: addToRegistry("export const PROVIDERS = {", { constant, key: name, module: `./${name}.ts` }),
      },
      {
        path: "docs/destinations.md",
        edit: addToTable(
          "| `type` | what is delivered",
          `| [\`${name}\`](destinations/${name}.md) | a request to a Worker of yours | \`binding\` |`,
        ),
      },
    ],
    steps: [
      `Deliver in src/delivery/providers/${name}.ts. Return failures of the other side as data; callBinding does so.`,
      `List options that must be refused in test/fixtures/providers/${name}.json.`,
      `Test in test/delivery/providers/${name}.test.ts what is sent, and what each failure becomes.`,
      `Correct docs/destinations/${name}.md and its row in docs/destinations.md.`,
      "Run npm run openapi, npm run client and npm run check.",
      "Run npm test -- test/delivery/providers test/api/destinations.",
    ],
  };
}
