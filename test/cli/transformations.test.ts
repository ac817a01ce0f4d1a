import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Stage } from "../../scripts/drive/stage.mjs";
import { WITHIN } from "../npm-start/stand.ts";
import { ROOT, commandsOf, temporary } from "./run.ts";

// Transformations by commands, against a gateway that `npm start` runs. Tests use what earlier ones made.

const stage = new Stage();
const { gateway } = stage;
let commands: ReturnType<typeof commandsOf>;

beforeAll(async () => {
  await gateway.start();
  commands = commandsOf(gateway.url, gateway.adminToken);
}, 120_000);
afterAll(async () => await stage.strike());

const CODE = "export default function (event) {\n\tdelete event.payload.email;\n  return event;\n}\n";

function fileOf(name: string, text: string): string {
  const file = join(temporary(), name);
  writeFileSync(file, text);
  return file;
}

describe("hookgate transformations", () => {
  test("creates one from a file, and names it on an integration and a destination", async () => {
    const create = ["transformations", "create", "--name", "Redact", "--code-file", fileOf("redact.js", CODE)];
    const made = await commands.json(create);
    expect(made).toMatchObject({ name: "Redact", code: CODE, version: 1 });
    const integration = ["integrations", "create", "--name", "Orders", "--transformation", "Redact"];
    expect(await commands.json(integration)).toMatchObject({ transformation_id: made.id });
    const destination = ["destinations", "create", "--name", "Receiver", "--url", "http://127.0.0.1:9/"];
    expect(await commands.json([...destination, "--transformation", made.id])).toMatchObject({
      transformation_id: made.id,
    });
    const table = await commands.text(["transformations", "list"]);
    expect(table).toMatch(/NAME +VERSION +CHANGED +ID/);
    expect(table).toContain(made.id);
    expect(await commands.text(["integrations", "get", "Orders"])).toContain(`${made.id} (Redact)`);
  });

  test("shows what the code returns, and fails where it fails", async () => {
    const payload = fileOf("payload.json", '{"email":"ann@example.com","id":12345678901234567890}');
    const shown = await commands.text(["transformations", "preview", "Redact", "-f", payload]);
    expect(shown).toContain('"id": 12345678901234567890');
    expect(shown).not.toContain("ann@");
    const broken = fileOf(
      "broken.js",
      "export default (event) => {\n  console.log('here');\n  return event.a.b.c;\n};\n",
    );
    const failed = await commands.hookgate(["transformations", "preview", "--code-file", broken, "-f", payload]);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain("console: here");
    expect(failed.stderr).toContain("The code failed at line 3:");
    const usage = await commands.hookgate(["transformations", "preview", "Redact"]);
    expect([usage.code, usage.stderr]).toEqual([64, expect.stringContaining("--event")]);
  });

  test("keeps versions and rolls back", async () => {
    const second = fileOf("second.js", "export default (event) => event;\n");
    await commands.json(["transformations", "update", "Redact", "--code-file", second]);
    expect((await commands.json(["transformations", "versions", "Redact"])).data).toMatchObject([
      { version: 2 },
      { version: 1, code: CODE },
    ]);
    expect(await commands.text(["transformations", "versions", "Redact"])).toMatch(/VERSION +SAVED +LINES/);
    const rolledBack = await commands.json(["transformations", "rollback", "Redact", "1", "--yes"]);
    expect(rolledBack).toMatchObject({ version: 3, code: CODE });
  });

  test("writes the code into the file of the configuration as lines", async () => {
    const file = join(temporary(), "hookgate.yaml");
    await commands.text(["config", "pull", file]);
    const text = readFileSync(file, "utf8");
    expect(text).toContain("    transformation: Redact\n");
    expect(text).toContain("    code: |\n      export default function (event) {\n");
    expect((await commands.hookgate(["config", "diff", "-f", file])).code).toBe(0);
    writeFileSync(file, text.replace("return event;", "return null;"));
    const differs = await commands.hookgate(["config", "diff", "-f", file]);
    expect([differs.code, differs.stdout]).toEqual([2, expect.stringContaining('~ transformations "Redact"')]);
  });

  test("prints types, which the documents have, too", async () => {
    const printed = await commands.text(["transformations", "types"]);
    expect(printed.trimEnd()).toBe(readFileSync(join(ROOT, "docs/examples/transformations.d.ts"), "utf8").trimEnd());
  });

  test("replays the events for which it failed, once it is mended", async () => {
    const faulty = fileOf("faulty.js", "export default (event) => event.nothing.at.all;\n");
    const { id } = await commands.json(["transformations", "create", "--name", "Faulty", "--code-file", faulty]);
    const hook = await commands.json(["integrations", "create", "--name", "Shop", "--transformation", "Faulty"]);
    for (let order = 1; order <= 5; order++) {
      const response = await fetch(hook.url, { method: "POST", body: JSON.stringify({ order }) });
      expect(response.status).toBe(200);
    }
    const replay = ["transformations", "replay", "Faulty"];
    const ofHook = ["events", "list", "--integration", "Shop"];
    await vi.waitFor(async () => {
      const { data } = await commands.json(ofHook);
      expect(data.map((event: { readonly outcome: string }) => event.outcome)).toEqual(
        Array.from({ length: 5 }, () => "transformation_failed"),
      );
    }, WITHIN);
    expect(await commands.text([...replay, "--dry-run"])).toContain("Would replay 5 events.");
    expect(await commands.json([...replay, "--dry-run"])).toMatchObject({ dry_run: true, count: 5, next_cursor: null });
    const early = [...replay, "--until", "2026-01-01T00:00:00Z"];
    expect(await commands.text(early)).toContain("Nothing to replay");

    const stopped = await commands.hookgate([...replay, "--yes"]);
    expect([stopped.code, stopped.stdout]).toEqual([1, expect.stringContaining("Replayed 0 events.")]);
    expect(stopped.stdout.match(/evt_\w+: The event was not routed: .*\b1\b/gu)).toHaveLength(3);
    expect(stopped.stderr).toContain("the replay ended early");
    const onward = await commands.hookgate([...replay, "--yes", "--keep-going", "--json"]);
    expect(onward.code).toBe(1);
    expect(JSON.parse(onward.stdout)).toMatchObject({ count: 5, replayed: 0, failed: 5, next_cursor: null });

    const mended = fileOf("mended.js", "export default (event) => event;\n");
    await commands.json(["transformations", "update", id, "--code-file", mended]);
    const done = { dry_run: false, count: 5, replayed: 5, failed: 0, failures: [], stopped: false, next_cursor: null };
    expect(await commands.json([...replay, "--yes"])).toEqual(done);
    const { data } = await commands.json(ofHook);
    expect(new Set(data.map((event: { readonly outcome: string }) => event.outcome))).toEqual(new Set(["received"]));
    expect(await commands.text([...replay, "--yes"])).toContain("Nothing to replay");
  });

  test("deletes one that is used only with --force", async () => {
    const refused = await commands.hookgate(["transformations", "delete", "Redact", "--yes"]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("transformation_id")]);
    expect(await commands.json(["transformations", "delete", "Redact", "--yes", "--force"])).toMatchObject({
      deleted: true,
    });
  });
});
