import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { transform } from "esbuild";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { Stage } from "../../scripts/drive/stage.mjs";
import { WITHIN } from "./stand.ts";

// The script that an administrator pastes into Zabbix, as the documentation has it. Zabbix runs it in Duktape, which knows
// ECMAScript 5, as the body of a function of `value`, with a class for requests that wait for their response.

const ROOT = join(import.meta.dirname, "../..");
const DOCS = readFileSync(join(ROOT, "docs/sources/zabbix.md"), "utf8");
const SCRIPT = /```js\n(.*?)```/s.exec(DOCS)?.[1] ?? "";
/** The names and macros of the parameters in the documentation's table. */
const PARAMETERS = [...DOCS.matchAll(/^\| `(\w+)` \| (?:`(\{.*?\})`|.*?) \|$/gm)].map(([, name = "", macro]) => ({
  name,
  macro,
}));

const MACROS: Readonly<Record<string, string>> = {
  "{ALERT.SUBJECT}": 'Problem: "Größe" of /var',
  "{ALERT.MESSAGE}": "Line 1\r\nLine 2 \\ $1 & <b>",
  "{EVENT.ID}": "9007199254740993",
  "{EVENT.SOURCE}": "0",
  "{EVENT.VALUE}": "1",
  "{EVENT.NSEVERITY}": "4",
  "{EVENT.SEVERITY}": "High",
  "{EVENT.TAGS}": "component:storage, scope:capacity",
  "{EVENT.UPDATE.STATUS}": "0",
  "{EVENT.UPDATE.ACTION}": "",
  "{TRIGGER.ID}": "23177",
  "{HOST.NAME}": "barrel-7",
  "{$ZABBIX.URL}": "https://zabbix.example",
};

const POST = `
const { url, headers, body } = JSON.parse(process.argv[1]);
const response = await fetch(url, { method: "POST", headers, body });
process.stdout.write(JSON.stringify({ status: response.status, text: await response.text() }));
`;

/** What Zabbix gives to scripts, as far as its documentation describes it for this one. */
class HttpRequest {
  readonly #headers: [string, string][] = [];
  #status = 0;

  addHeader(header: string): void {
    const [name = "", ...rest] = header.split(": ");
    this.#headers.push([name, rest.join(": ")]);
  }

  post(url: string, body: string): string {
    const sent = JSON.stringify({ url, headers: this.#headers, body });
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", POST, sent], {
      encoding: "utf8",
    });
    if (stdout === "") throw new Error(stderr);
    const { status, text } = JSON.parse(stdout);
    this.#status = status;
    return text;
  }

  getStatus(): number {
    return this.#status;
  }
}

const stage = new Stage();
const { gateway } = stage;

beforeAll(() => gateway.start(), 120_000);
afterAll(() => stage.strike());

/** Runs the script as Zabbix does for an event. */
function notify(url: string, token: string, macros: Readonly<Record<string, string>>): unknown {
  const values = {
    url,
    token,
    ...Object.fromEntries(
      PARAMETERS.flatMap(({ name, macro }) => (macro === undefined ? [] : [[name, macros[macro]]])),
    ),
  };
  return runInNewContext(`(function (value) {${SCRIPT}\n})(input)`, { HttpRequest, input: JSON.stringify(values) });
}

test("the script has no syntax that Duktape lacks", async () => {
  const wrapped = `(function (value) {${SCRIPT}})`;
  const [old, now] = await Promise.all([
    transform(wrapped, { target: "es5" }),
    transform(wrapped, { target: "esnext" }),
  ]);
  expect(old.code).toBe(now.code);
  expect(SCRIPT).not.toMatch(
    /\b(?:Promise|Map|Set|Symbol|fetch|console|require|Object\.(?:assign|entries|values|fromEntries))\b/,
  );
});

test("a problem, its acknowledgement and its recovery become one alert", async () => {
  expect(PARAMETERS.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["url", "token", "event_id", "event_value"]),
  );
  const unknown = PARAMETERS.filter(({ macro }) => macro !== undefined && MACROS[macro] === undefined);
  expect(unknown).toEqual([]);
  const { id, url, auth } = await gateway.create("integrations", {
    name: "Zabbix",
    type: "rules",
    options: { rule_set: "zabbix" },
    auth: { type: "token" },
  });
  const becomes = async (status: string): Promise<void> => {
    await vi.waitFor(async () => {
      const { body } = await gateway.api("GET", `/alerts?integration_id=${id}`);
      expect(body.data).toMatchObject([
        { status, key: "9007199254740993", title: 'Problem: "Größe" of /var', urgency: "high", dedup_count: 1 },
      ]);
    }, WITHIN);
  };
  expect(notify(url, auth.token, MACROS)).toBe("OK");
  expect(notify(url, auth.token, MACROS)).toBe("OK");
  await becomes("open");
  const update = { ...MACROS, "{EVENT.UPDATE.STATUS}": "1", "{EVENT.UPDATE.ACTION}": "acknowledged and commented" };
  expect(notify(url, auth.token, update)).toBe("OK");
  await becomes("acknowledged");
  expect(notify(url, auth.token, { ...MACROS, "{EVENT.VALUE}": "0" })).toBe("OK");
  await becomes("resolved");

  // Zabbix shows what the script throws, and tries again.
  expect(() => notify(url, "wrong", MACROS)).toThrow(/^Hookgate answered 403: /);
});
