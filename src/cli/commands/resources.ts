import type { Command } from "commander";
import { collectRows } from "../collect.ts";
import {
  type Columns,
  destinationColumns,
  integrationColumns,
  routeColumns,
  transformationColumns,
} from "../columns.ts";
import { type ListFlags, addExamples, addListFlags } from "../flags.ts";
import type { Kind } from "../names.ts";
import { type Session, openSession } from "../session.ts";
import { showRecord, showRows } from "../show.ts";
import { confirm } from "../terminal/prompt.ts";
import { type BodyFlags, addBodyFlags, bodyOf, creationOf } from "./bodies.ts";
import { nextSteps } from "./next-steps.ts";

type Resource = {
  readonly kind: Kind;
  readonly summary: string;
  readonly columns: (session: Session) => Columns | Promise<Columns>;
  readonly create: readonly string[];
};

const RESOURCES = {
  integrations: {
    kind: "integration",
    summary: "the addresses that receive webhooks",
    columns: integrationColumns,
    create: [
      "hookgate integrations create --name Orders",
      "hookgate integrations create --name Alertmanager --rule-set alertmanager --auth bearer",
      "HOOKGATE_CREDENTIAL=whsec_… hookgate integrations create --name Stripe --auth stripe",
      "hookgate integrations create -f orders.yaml",
    ],
  },
  destinations: {
    kind: "destination",
    summary: "the places that events are delivered to",
    columns: destinationColumns,
    create: [
      "hookgate destinations create --name Slack --preset slack --url https://hooks.slack.com/services/…",
      "hookgate destinations create --name API --url https://example.com/hook --set timeout_ms=5000",
    ],
  },
  routes: {
    kind: "route",
    summary: "the rules that select events for destinations",
    columns: routeColumns,
    create: [
      "hookgate routes create --name Everything --destination Slack",
      `hookgate routes create --name Critical --integration Alertmanager --destination Slack \\\n      --match '{"data.alert.urgency":"critical"}'`,
    ],
  },
  transformations: {
    kind: "transformation",
    summary: "code that changes events before they are routed, or payloads before they are sent",
    columns: transformationColumns,
    create: ["hookgate transformations create --name Redact --code-file redact.js"],
  },
} as const satisfies Record<string, Resource>;

type Path = keyof typeof RESOURCES;
type ListOptions = ListFlags & { readonly name?: string };
type DeleteOptions = { readonly yes?: true; readonly force?: true };

const SHOWN_ONCE = "Keep the secrets above: they are not shown again.";

function holdsSecret(row: object): boolean {
  return /"(signing_secret|token|password|secret)":"(?!•)/.test(JSON.stringify(row));
}

function addCreateAndUpdate(group: Command, path: Path): void {
  const { kind, create } = RESOURCES[path];
  const creation = addBodyFlags(group.command("create").summary(`create ${article(kind)}`), kind);
  creation.action(async (flags: BodyFlags, command: Command) => {
    const session = openSession(command);
    const body = await creationOf(kind, flags, session.names);
    const created = await session.api.post(`/${path}`, body);
    await showRecord(session, created);
    if (holdsSecret(created)) session.out.note(SHOWN_ONCE);
    if (!session.out.isJson) for (const step of nextSteps(kind, created)) session.out.note(step);
  });
  addExamples(creation, ...create);

  const update = addBodyFlags(group.command("update <name>").summary(`change ${article(kind)}`), kind);
  update.action(async (name: string, flags: BodyFlags, command: Command) => {
    const session = openSession(command);
    const body = await bodyOf(kind, flags, session.names);
    const id = await session.names.idOf(kind, name);
    await showRecord(session, await session.api.patch(`/${path}/{id}`, body, { params: { id } }));
  });
  addExamples(
    update,
    kind === "transformation"
      ? `hookgate ${path} update NAME --code-file redact.js`
      : `hookgate ${path} update NAME --disable`,
    `hookgate ${path} update NAME --name "Another name"`,
    ...(kind === "integration"
      ? ["HOOKGATE_CREDENTIAL=whsec_… hookgate integrations update Stripe --auth stripe"]
      : []),
  );
}

function article(kind: Kind): string {
  return kind === "integration" ? "an integration" : `a ${kind}`;
}

function addReading(group: Command, path: Path): void {
  const { kind, columns } = RESOURCES[path];
  const listing = addListFlags(
    group.command("list").summary(`list ${path}`).option("--name <name>", "only with this name"),
  );
  listing.action(async ({ name, ...flags }: ListOptions, command: Command) => {
    const session = openSession(command);
    const rows = await collectRows(session, `/${path}`, { name }, flags);
    await showRows(
      session,
      rows,
      () => columns(session),
      `There are no ${path}. \`hookgate ${path} create\` makes one.`,
    );
  });
  addExamples(listing, `hookgate ${path} list`, `hookgate ${path} list --all --json`);

  const get = group.command("get <name>").summary(`show ${article(kind)}`);
  get.action(async (name: string, _: unknown, command: Command) => {
    const session = openSession(command);
    const id = await session.names.idOf(kind, name);
    await showRecord(session, await session.api.get(`/${path}/{id}`, { params: { id } }));
  });
  addExamples(get, `hookgate ${path} get NAME`, `hookgate ${path} get NAME --json`);
}

function addDeletion(group: Command, path: Path): void {
  const { kind } = RESOURCES[path];
  const deletion = group.command("delete <name>").summary(`delete ${article(kind)}`);
  deletion.option("-y, --yes", "do not ask for confirmation");
  if (kind === "destination") deletion.option("--force", "even if routes name it");
  if (kind === "transformation") deletion.option("--force", "even if integrations or destinations name it");
  deletion.action(async (name: string, { yes, force }: DeleteOptions, command: Command) => {
    const session = openSession(command);
    const id = await session.names.idOf(kind, name);
    await confirm(`Delete the ${kind} "${name}"?`, yes === true);
    await session.api.delete(`/${path}/{id}`, { params: { id }, query: force === true ? { force } : {} });
    if (session.out.isJson) session.out.json({ id, deleted: true });
    else session.out.lines([`Deleted ${id}.`]);
  });
  addExamples(deletion, `hookgate ${path} delete NAME`, `hookgate ${path} delete NAME --yes`);
}

/** Adds `integrations`, `destinations`, `routes` and `transformations`. Returns the commands, for those that one of them has beside these. */
export function addResourceCommands(program: Command): Readonly<Record<Path, Command>> {
  const add = (path: Path): Command => {
    const group = program.command(path).summary(RESOURCES[path].summary);
    addExamples(group, `hookgate ${path} list`, ...RESOURCES[path].create.slice(0, 1));
    addReading(group, path);
    addCreateAndUpdate(group, path);
    addDeletion(group, path);
    return group;
  };
  return {
    integrations: add("integrations"),
    destinations: add("destinations"),
    routes: add("routes"),
    transformations: add("transformations"),
  };
}
