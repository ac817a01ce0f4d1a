/// <reference types="vite/types/importMeta.d.ts" />

const FILES = import.meta.glob<string>(["../../../fixtures/rule-sets/*/*", "!**/expected.json"], {
  query: "?raw",
  import: "default",
  eager: true,
});
const PAGES = import.meta.glob<string>("../../../../docs/sources/*.md", {
  query: "?raw",
  import: "default",
  eager: true,
});

export type Fixture = {
  readonly ruleSet: string;
  readonly name: string;
  readonly text: string;
  readonly isForm: boolean;
  readonly headers: Readonly<Record<string, string>>;
};

const JSON_OF_SNS = "text/plain; charset=UTF-8";

function readFixture(path: string, text: string): Fixture {
  const [ruleSet = "", file = ""] = path.split("/").slice(-2);
  const isForm = file.endsWith(".txt");
  const json = ruleSet === "cloudwatch" ? JSON_OF_SNS : "application/json";
  const headers = { "content-type": isForm ? "application/x-www-form-urlencoded" : json };
  return { ruleSet, name: file.replace(/\.\w+$/, ""), text, isForm, headers };
}

/** The bodies that the products send. */
export const FIXTURES: readonly Fixture[] = Object.entries(FILES).map(([path, text]) => readFixture(path, text));

/** The pages of docs/sources by their path in the repository. */
export const DOCS: ReadonlyMap<string, string> = new Map(
  Object.entries(PAGES).map(([path, text]) => [path.replace("../../../../", ""), text]),
);
