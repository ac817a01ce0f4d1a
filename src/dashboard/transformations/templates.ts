/** Code to start from. */
export type CodeTemplate = {
  readonly name: string;
  readonly title: string;
  readonly note: string;
  readonly code: string;
};

export const CODE_TEMPLATES: readonly CodeTemplate[] = [
  {
    name: "empty",
    title: "Nothing yet",
    note: "Returns the event as it is.",
    code: `export default function (event, context) {
  return event;
}
`,
  },
  {
    name: "redact",
    title: "Redact a field",
    note: "Takes personal data out of the payload.",
    code: `const SECRET = ["email", "phone", "password"];

export default function (event) {
  for (const name of SECRET) {
    if (event.payload[name] !== undefined) event.payload[name] = "[redacted]";
  }
  return event;
}
`,
  },
  {
    name: "drop-tests",
    title: "Drop tests",
    note: "Returns null for events to drop.",
    code: `export default function (event) {
  const { environment = "production" } = event.payload;
  return environment === "test" ? null : event;
}
`,
  },
  {
    name: "fan-out",
    title: "Fan out a list",
    note: "Makes an event of each item.",
    code: `export default function (event) {
  const { items = [], ...shared } = event.payload;
  return items.map((item) => ({ ...event, payload: { ...shared, ...item } }));
}
`,
  },
  {
    name: "rename",
    title: "Rename fields",
    note: "Gives the payload the names that the receiver knows.",
    code: `const NAMES = { msg: "message", sev: "severity", ts: "timestamp" };

export default function (event) {
  const fields = Object.entries(event.payload);
  event.payload = Object.fromEntries(fields.map(([name, value]) => [NAMES[name] ?? name, value]));
  return event;
}
`,
  },
];

/** Returns the template with a name, or else the first one. */
export function templateNamed(name: string | undefined): CodeTemplate {
  const [first] = CODE_TEMPLATES;
  const found = CODE_TEMPLATES.find((each) => each.name === name) ?? first;
  if (found === undefined) throw new Error("There is no template.");
  return found;
}
