import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { DOCUMENT, GENERATED } from "../../scripts/client/document.mjs";
import { readOperations } from "../../scripts/client/operations.mjs";
import { renderClient } from "../../scripts/client/render.mjs";
import { renderTypes, typeOf } from "../../scripts/client/types.mjs";
import { createClient } from "../../src/client/index.ts";

const ROOT = join(import.meta.dirname, "../..");
const document = JSON.parse(readFileSync(join(ROOT, DOCUMENT), "utf8"));
const operations = readOperations(document);

test("the generated files are what the document makes: npm run client writes them anew", async () => {
  const files = await renderClient(ROOT);
  expect(readdirSync(join(ROOT, GENERATED)).toSorted()).toEqual(Object.keys(files).toSorted());
  for (const [name, text] of Object.entries(files)) {
    expect(readFileSync(join(ROOT, GENERATED, name), "utf8"), name).toBe(text);
  }
});

test("every operation but those that senders and browsers use or that open a WebSocket is a function of the client", () => {
  const all = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(Object(item)).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const made = operations.map(({ method, path }) => `${method} ${path}`);
  const left = all.filter((each) => !made.includes(each));
  expect(
    left.filter((each) => !/^\w+ \/(integration|hooks\/catch)\/|^GET \/oauth\/callback$|\/(?:listen|live)$/.test(each)),
  ).toEqual([]);
  expect(made.length).toBeGreaterThan(50);
});

/** A member of a value by a path of names. */
function at(value: unknown, names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (place, name) => (place === undefined ? undefined : Reflect.get(Object(place), name)),
    value,
  );
}

describe("a function of the client", () => {
  const rows = operations.map((operation) => ({ name: [...operation.groups, operation.name].join("."), operation }));

  test.each(rows)("$name makes the request of its operation", async ({ name, operation }) => {
    const sent: string[] = [];
    const client = createClient({
      base_url: "https://gate.example.net",
      fetch(url, { method }) {
        sent.push(`${method} ${url}`);
        return Response.json({});
      },
    });
    const call = at(client, name.split("."));
    const ids = operation.pathParameters.map((parameter) => `${parameter}_1`);
    const path = operation.pathParameters.reduce(
      (text, each) => text.replace(`{${each}}`, `${each}_1`),
      operation.path,
    );
    await (typeof call === "function" ? Reflect.apply(call, undefined, ids) : expect.fail(`${name} is missing`));
    expect(sent).toEqual([`${operation.method} https://gate.example.net${path}`]);
  });
});

describe("a schema", () => {
  test.each([
    [{ type: "string", format: "uri" }, "string"],
    [{ type: ["integer", "null"] }, "number | null"],
    [{ enum: ["a", "b"] }, '"a" | "b"'],
    [{ const: true }, "true"],
    [{ description: "Any JSON." }, "Json"],
    [{ $ref: "#/components/schemas/Event" }, "Event"],
    [{ type: "array", items: { enum: ["a", null] } }, 'readonly ("a" | null)[]'],
    [{ oneOf: [{ const: "a" }, { anyOf: [{ const: "b" }, { const: "a" }] }] }, '"a" | "b"'],
    [{ type: "object" }, "JsonObject"],
    [{ type: "object", additionalProperties: { type: "string" } }, "Readonly<Record<string, string>>"],
    [{ type: "object", additionalProperties: false }, "Readonly<Record<string, never>>"],
    [
      { type: "object", properties: { a: { type: "string" }, "b-c": { type: "null" } }, required: ["a"] },
      '{\nreadonly a: string;\nreadonly "b-c"?: null;\n}',
    ],
    [
      { type: "object", properties: { a: { type: "string" } }, anyOf: [{ required: ["a"] }] },
      "{\nreadonly a?: string;\n} & {\nreadonly a: string;\n}",
    ],
  ])("%j is %j", (schema, type) => {
    expect(typeOf(schema)).toBe(type);
  });

  test("with a keyword that the generator does not know stops it, so that nothing is left out unseen", () => {
    expect(() => typeOf(JSON.parse('{"type":"object","patternProperties":{}}'))).toThrow("patternProperties");
  });

  test("has its description as a comment, which it cannot end", () => {
    expect(renderTypes({ A: { type: "string", description: "a */ b" } })).toContain("/** a *\\/ b */\nexport type A");
  });
});

describe("a name", () => {
  const named = (...ids: readonly string[]): string[] => {
    const items = ids.map((operationId, index) => {
      return [
        `/api/v1/things-${index}`,
        { get: { responses: { 200: { description: "" } }, tags: ["things"], operationId } },
      ];
    });
    const made = { paths: Object.fromEntries(items), components: { schemas: {} } };
    return readOperations(made).map(({ groups, name }) => [...groups, name].join("."));
  };

  test("is the operation's id", () => {
    const ids = ["deadLetters.create", "config.get", "sessions.current.delete", "doIt"];
    expect(named(...ids)).toEqual(ids);
  });

  test("that two operations have stops the generator", () => {
    expect(() => named("a.get", "a.get")).toThrow("would both be client.a.get");
  });
});

const STRICT = `--noEmit --ignoreConfig --strict --noUncheckedIndexedAccess --exactOptionalPropertyTypes --skipLibCheck
  --erasableSyntaxOnly --allowImportingTsExtensions --target esnext --module esnext --moduleResolution bundler`.split(
  /\s+/,
);
const TYPE_ROOTS = ["--typeRoots", join(ROOT, "node_modules/@types")];
const IN_BROWSERS = ["--lib", "esnext,dom", "--types", ""];
const IN_NODE = ["--lib", "esnext", "--types", "node", ...TYPE_ROOTS];

/** Runs a tool of node_modules. Returns what it wrote; empty if it has nothing to say. */
function run(tool: string, args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(join(ROOT, "node_modules/.bin", tool), args, { cwd: ROOT, encoding: "utf8" });
  return stdout + stderr;
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "hookgate-client-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe("the client type-checks", () => {
  test.each([
    ["a browser", IN_BROWSERS],
    ["Node", IN_NODE],
  ])("with the types of %s", (_, library) => {
    expect(run("tsc", [...STRICT, ...library, "src/client/index.ts"])).toBe("");
  });

  test("in the examples of its page", () => {
    const page = readFileSync(join(ROOT, "docs/client.md"), "utf8");
    const examples = [...page.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = ""]) => code);
    const folder = temporaryFolder();
    symlinkSync(join(ROOT, "src/client"), join(folder, "client"));
    const files = examples.map((code, index) => {
      const file = join(folder, `example-${index}.ts`);
      writeFileSync(file, code);
      return file;
    });
    expect(files.length).toBeGreaterThan(3);
    expect(run("tsc", [...STRICT, ...IN_NODE, ...files])).toBe("");
  });
});

/** The script verifies the signature that the Standard Webhooks specification publishes, and one by Ed25519. */
const SMOKE = `import { createClient, verifySignature } from "./index.js";
const headers = { "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330", "webhook-signature":
  "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==" };
const received = { headers, body: new TextEncoder().encode('{"test": 2432232314}') };
const keys = [
  { scheme: "standard-webhooks", secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" },
  { scheme: "standard-webhooks-ed25519", public_key: "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=" },
];
for (const key of keys) console.log((await verifySignature(received, key, { now_ms: 1614265330000 })).ok);
const client = createClient({ base_url: "https://a.example", fetch: () => Response.json({ status: "ok" }) });
console.log((await client.gateway.getHealth()).ok);
`;

/** This Node, and the one that npm runs on: the oldest that the project installs with is 20. */
const NODES = [...new Set([process.execPath, process.env["npm_node_execpath"] ?? process.execPath])];

test("the client is one file without imports once it is built as its page says, and runs in any Node", () => {
  const folder = temporaryFolder();
  run("vite", ["build", "--ssr", "src/client/index.ts", "--outDir", folder, "--emptyOutDir", "--logLevel", "error"]);
  const code = readFileSync(join(folder, "index.js"), "utf8");
  expect(code).not.toMatch(/^import |\bimport\(|\brequire\(/m);
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  writeFileSync(join(folder, "smoke.js"), SMOKE);
  for (const node of NODES) {
    const { stdout, stderr } = spawnSync(node, [join(folder, "smoke.js")], { encoding: "utf8" });
    expect(stdout, `${node} ${stderr}`).toBe("true\ntrue\ntrue\n");
  }
});
