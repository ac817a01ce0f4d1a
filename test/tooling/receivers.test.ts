import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

// The receivers of docs/verifying-signatures.md, run over requests that this project has signed.

const ROOT = join(import.meta.dirname, "../..");

type Line = {
  readonly scheme: string;
  readonly key: string;
  readonly old_key: string | null;
  readonly now: number;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly options: { readonly template?: string };
};
type Language = { readonly name: string; readonly command: readonly string[]; readonly probe: readonly string[] };

const NODE = join(ROOT, "node_modules/.bin/node");
const LANGUAGES: readonly Language[] = [
  { name: "TypeScript", command: [NODE, "docs/receivers/verify.ts"], probe: [NODE, "--version"] },
  { name: "Python", command: ["python3", "docs/receivers/verify.py"], probe: ["python3", "--version"] },
  { name: "Go", command: ["go", "run", "docs/receivers/verify.go"], probe: ["go", "version"] },
  { name: "Ruby", command: ["ruby", "docs/receivers/verify.rb"], probe: ["ruby", "-ropenssl", "-e", "0"] },
];

const requests: readonly Line[] = JSON.parse(readFileSync(join(ROOT, "test/fixtures/signed-requests.json"), "utf8"));

function run(
  [command = "", ...args]: readonly string[],
  input = "",
): { readonly status: number | null; stdout: string } {
  const env = { ...process.env, GOTOOLCHAIN: "local" };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: ROOT, env, input, encoding: "utf8" });
  if (status !== 0 && input !== "") throw new Error(stderr);
  return { status, stdout };
}

const isThere = (probe: readonly string[]): boolean => run(probe).status === 0;

function verdicts({ command }: Language, lines: readonly Line[]): string[] {
  const { stdout } = run(command, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  return stdout.trimEnd().split("\n");
}

/** A text with each of its characters changed in turn, from a place on. */
function alterations(text: string, from = 0): string[] {
  return Array.from({ length: text.length - from }, (_, offset) => {
    const index = from + offset;
    const other = text.charAt(index) === "1" ? "2" : "1";
    return text.slice(0, index) + other + text.slice(index + 1);
  });
}

function withHeader(line: Line, name: string): Line[] {
  const headers: Record<string, string> = { ...line.headers };
  return alterations(headers[name] ?? "").map((value) => ({ ...line, headers: { ...headers, [name]: value } }));
}

function without(line: Line, name: string): Line {
  return {
    ...line,
    headers: Object.fromEntries(Object.entries(line.headers).filter(([each]) => each !== name)),
  };
}

function covers(line: Line, part: "id" | "timestamp" | "request"): boolean {
  if (line.scheme !== "hmac") return part !== "request" || line.scheme === "rfc9421";
  return line.options.template?.includes(`{{${part}}}`) === true;
}

/** Everything that may not happen to a request on its way, as far as its scheme covers it. */
function tampered(line: Line): Line[] {
  const path = line.url.indexOf("/", "https://".length);
  return [
    ...alterations(line.body).map((body) => ({ ...line, body })),
    { ...line, body: `${line.body} ` },
    { ...line, key: `${line.key.slice(0, 10)}${line.key.charAt(10) === "A" ? "B" : "A"}${line.key.slice(11)}` },
    without(line, line.scheme === "hmac" ? "x-sig" : line.scheme === "rfc9421" ? "signature" : "webhook-signature"),
    ...(covers(line, "id") ? withHeader(line, "webhook-id") : []),
    ...(covers(line, "timestamp")
      ? [...withHeader(line, "webhook-timestamp"), { ...line, now: line.now + 301 }, { ...line, now: line.now - 301 }]
      : []),
    ...(covers(line, "request")
      ? [
          { ...line, method: "PUT" },
          ...alterations(line.url, path).map((url) => ({ ...line, url })),
          ...withHeader(line, "content-type"),
          ...withHeader(line, "content-digest"),
          without(line, "signature-input"),
        ]
      : []),
  ];
}

const groups = [
  { what: "by a shared secret", lines: requests.filter(({ key }) => !key.startsWith("whpk_")) },
  { what: "by the gateway's key", lines: requests.filter(({ key }) => key.startsWith("whpk_")) },
];

describe.each(LANGUAGES)("the receiver in $name", (language) => {
  const isInstalled = isThere(language.probe);
  const hasEd25519 = language.name !== "Python" || isThere(["python3", "-c", "import cryptography"]);

  describe.each(groups)("given requests signed $what", ({ what, lines }) => {
    const cannot = !isInstalled || (what === "by the gateway's key" && !hasEd25519);

    test.skipIf(cannot)("accepts them, with the old secret too while it is replaced", () => {
      const rotating = lines.flatMap((line) => (line.old_key === null ? [] : [{ ...line, key: line.old_key }]));
      const good = [...lines, ...rotating];
      expect(verdicts(language, good)).toEqual(good.map(() => "accepted"));
    });

    test.skipIf(cannot)("refuses them after any change of one byte that the scheme covers", () => {
      const bad = lines.flatMap(tampered);
      const told = verdicts(language, bad);
      expect(told).toHaveLength(bad.length);
      expect(bad.filter((_, index) => !told[index]?.startsWith("refused: "))).toEqual([]);
    });
  });
});
