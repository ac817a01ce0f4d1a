// Pages of the presets that are data. They are written from the data alone, so that a test can compare them.

/** @typedef {{ method?: string, path?: string, query?: Record<string, string>, format?: string, body?: unknown, parts?: readonly { name?: string, value: unknown }[] }} RequestData */
/** @typedef {RequestData & { needs?: string }} FollowUp */
/** @typedef {{ is_required?: true, is_secret?: true, hint: string, example: string }} OptionData */
/**
 * What a page shows of the data in src/delivery/presets/catalogue.
 * @typedef {{
 *   title: string, summary: string, source: string, steps: readonly string[], address: { example: string }, auth?: { hint: string },
 *   options: Readonly<Record<string, OptionData>>, requests: Readonly<Record<string, RequestData>>,
 *   ticket?: { capture: Readonly<Record<string, string>>, follow_ups: Readonly<Record<string, readonly FollowUp[]>> },
 * }} PresetData
 */

const MOMENTS = /** @type {const} */ ([
  ["created", "an alert opens, or a message without an alert"],
  ["updated", "an alert changes or repeats"],
  ["acknowledged", "an alert is acknowledged"],
  ["resolved", "an alert is resolved"],
]);
const FORMATS = /** @type {Record<string, string>} */ ({
  json: "JSON",
  form: "a form",
  multipart: "`multipart/form-data`",
  related: "`multipart/related`",
});

/** @param {RequestData | undefined} request */
function shownRequest(request) {
  if (request === undefined) return "nothing";
  const query = Object.entries(request.query ?? {}).map(([name, value]) => `${name}=${value}`);
  const path = `${request.path ?? ""}${query.length === 0 ? "" : `?${query.join("&")}`}`;
  const to = path === "" ? "to the `url`" : `\`${path}\``;
  return `\`${request.method ?? "POST"}\` ${to}, ${FORMATS[request.format ?? "json"]}`;
}

/** @param {FollowUp} followUp */
function shownFollowUp({ needs, ...request }) {
  return needs === undefined ? shownRequest(request) : `with \`${needs}\`: ${shownRequest(request)}`;
}

/** @param {PresetData} data */
function ticketLines({ title, ticket }) {
  if (ticket === undefined) return [];
  const names = Object.entries(ticket.capture).map(([name, path]) => `\`${name}\` from \`${path}\``);
  return [
    `The gateway keeps ${names.join(", ")} of the response for the alert, and sends the messages of an alert in order. It sends nothing about an alert for which it has made nothing in ${title}: see [requests by event type](../destinations.md#requests-by-event-type).`,
    "",
  ];
}

/** @typedef {{ place: string, max: number, unit: string }} Limit */

/** Collects the limits of the texts in a body. @param {unknown} tree @param {string} place @returns {Limit[]} */
function limitsIn(tree, place) {
  if (typeof tree !== "object" || tree === null) return [];
  if (Array.isArray(tree)) return tree.flatMap((each) => limitsIn(each, place));
  const leaf = /** @type {Record<string, any>} */ (tree);
  switch (leaf["$"]) {
    case undefined:
      return Object.entries(leaf).flatMap(([name, each]) => limitsIn(each, place === "" ? name : `${place}.${name}`));
    case "text":
      return [{ place, max: leaf["max"], unit: leaf["unit"] }];
    case "choice":
      return limitsIn(Object.values(leaf["values"]), place);
    case "each":
      return [{ place, max: leaf["max"], unit: "entries" }, ...limitsIn(leaf["entry"], place)];
    case "when":
    case "json":
      return limitsIn(leaf["tree"], place);
    case "first":
      return limitsIn(leaf["trees"], place);
    default:
      return [];
  }
}

/** @param {RequestData} request @returns {Limit[]} */
function limitsOf(request) {
  if (request.parts === undefined) return limitsIn(request.body, "");
  return request.parts.flatMap((part) => limitsIn(part.value, part.name ?? ""));
}

/** @param {PresetData} data */
function limitRows({ requests, ticket }) {
  const all = [...Object.values(requests), ...Object.values(ticket?.follow_ups ?? {}).flat()];
  const limits = all.flatMap(limitsOf);
  const largest = /** @type {Map<string, Limit>} */ (new Map());
  for (const limit of limits.filter(({ place }) => place !== "")) {
    const name = `${limit.place} ${limit.unit}`;
    if (limit.max > (largest.get(name)?.max ?? 0)) largest.set(name, limit);
  }
  return [...largest.values()].map(
    ({ place, max, unit }) => `| \`${place}\` | ${max.toLocaleString("en-US")} ${max === 1 ? "entry" : unit} |`,
  );
}

/** @param {PresetData} data */
function sentRows({ requests, ticket }) {
  const shown = MOMENTS.map(([moment, words]) => {
    const request = requests[moment] ?? requests.any;
    const followUps = request === undefined ? (ticket?.follow_ups[moment] ?? []) : [];
    const text = followUps.length === 0 ? shownRequest(request) : followUps.map(shownFollowUp).join("; ");
    return { words, text };
  });
  const [first] = shown;
  if (first !== undefined && shown.every(({ text }) => text === first.text)) {
    return [`For every message: ${first.text}.`];
  }
  return ["| when | request |", "| --- | --- |", ...shown.map(({ words, text }) => `| ${words} | ${text} |`)];
}

/** @param {PresetData} data */
function optionRows({ options }) {
  const entries = Object.entries(options);
  if (entries.length === 0) return ["The preset has no options."];
  return [
    "| option | | |",
    "| --- | --- | --- |",
    ...entries.map(([name, { is_required, is_secret, hint }]) => {
      const marks = [is_required && "required", is_secret && "secret"].filter(Boolean).join(", ");
      return `| \`${name}\` |${marks === "" ? "" : ` ${marks}`} | ${hint} |`;
    }),
  ];
}

/**
 * Returns the page of a preset.
 * @param {string} name
 * @param {PresetData} data
 */
export function presetPage(name, data) {
  const { title, summary, steps, address, auth, options, requests, source } = data;
  const examples = Object.fromEntries(Object.entries(options).map(([option, { example }]) => [option, example]));
  const payload = {
    mode: "preset",
    preset: name,
    ...(Object.keys(examples).length === 0 ? {} : { options: examples }),
  };
  const isPartial = MOMENTS.some(
    ([moment]) => (requests[moment] ?? requests.any ?? data.ticket?.follow_ups[moment]) === undefined,
  );
  const limits = limitRows(data);
  return [
    `# ${title} (\`preset: "${name}"\`)`,
    "",
    summary,
    "",
    "## Set up",
    "",
    ...steps.map((step, index) => `${index + 1}. ${step}`),
    "",
    `The \`url\` of the destination is ${address.example.endsWith("…") ? "an address like " : ""}\`${address.example}\`.${
      auth === undefined ? "" : ` Its \`auth\` is ${auth.hint}`
    }`,
    "",
    "```json",
    JSON.stringify(payload),
    "```",
    "",
    "## Options",
    "",
    ...optionRows(data),
    "",
    "## What is sent",
    "",
    ...sentRows(data),
    "",
    ...ticketLines(data),
    ...(isPartial
      ? ["Where nothing is sent, the delivery counts as delivered, and the response of its attempt says why.", ""]
      : []),
    "Texts that are longer than these limits are cut off with an ellipsis.",
    "",
    "| field | at most |",
    "| --- | --- |",
    ...limits,
    "",
    `Source: [${new URL(source).host}](${source}).`,
    "",
  ].join("\n");
}

/**
 * Returns the row of a preset in docs/payloads.md.
 * @param {string} name
 * @param {PresetData} data
 */
export function presetRow(name, { title, options }) {
  const shown = Object.entries(options).map(
    ([option, { is_required }]) => `\`${option}\`${is_required ? " (required)" : ""}`,
  );
  return `| [\`${name}\`](presets/${name}.md) | ${title} | ${shown.join(", ") || "none"} |`;
}
