import packageJson from "../../../package.json" with { type: "json" };
import { alerts } from "./alerts.ts";
import { convertAnswers, convertRequests } from "./convert.ts";
import { deliveries } from "./deliveries.ts";
import { destinations } from "./destinations.ts";
import { events } from "./events.ts";
import { gateway } from "./gateway.ts";
import { ingest } from "./ingest.ts";
import { integrations } from "./integrations.ts";
import type { Operation, Schemas, Section } from "./operation.ts";
import { type Names, pathItemOf } from "./path-items.ts";
import { PROBLEM_RESPONSES } from "./problems.ts";
import { deadLetters, replays } from "./replays.ts";
import { routes } from "./routes.ts";
import { PARAMETERS } from "./parameters.ts";
import { problem } from "./shared.ts";
import { tokens } from "./tokens.ts";

const SECTIONS: readonly Section[] = [
  ingest,
  integrations,
  destinations,
  routes,
  events,
  alerts,
  deliveries,
  replays,
  deadLetters,
  tokens,
  gateway,
];

const DESCRIPTION = `A webhook gateway. Times are ISO 8601 with milliseconds and \`Z\`. Unknown fields are refused with 400, other methods with 405; every \`GET\` answers \`HEAD\` too.`;

/** All operations, in the document's order. */
export const OPERATIONS: readonly Operation[] = SECTIONS.flatMap(({ operations }) => operations);

function schemasOf(kind: "requests" | "answers"): Schemas {
  return Object.fromEntries(SECTIONS.flatMap((section) => Object.entries(section[kind])));
}

function namesOf(...kinds: readonly Schemas[]): Names {
  return new Map(kinds.flatMap((schemas) => Object.entries(schemas)).map(([name, schema]) => [schema, name]));
}

function pathsOf(names: Names): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const { tag, operations } of SECTIONS) {
    for (const operation of operations) {
      const item = (paths[operation.path] ??= {});
      item[operation.method] = pathItemOf(operation, tag, names);
    }
  }
  return paths;
}

/** Draws up the OpenAPI document of the whole public surface. */
export function buildDocument(): object {
  const requests = schemasOf("requests");
  const answers = { ...schemasOf("answers"), Problem: problem };
  return {
    openapi: "3.1.0",
    info: {
      title: "Hookgate",
      version: packageJson.version,
      description: DESCRIPTION,
      license: { name: packageJson.license, identifier: packageJson.license },
    },
    servers: [{ url: "/" }],
    tags: SECTIONS.map(({ tag, description }) => ({
      name: tag,
      ...(description === undefined ? {} : { description }),
    })),
    paths: pathsOf(namesOf(requests, answers)),
    components: {
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          description: "`ADMIN_TOKEN` or an API token with the scope: read, write or admin.",
        },
      },
      parameters: PARAMETERS,
      headers: {
        IdempotencyReplayed: {
          description: "`true` where it is an earlier request's answer.",
          schema: { type: "string", enum: ["true"] },
        },
      },
      responses: PROBLEM_RESPONSES,
      schemas: { ...convertRequests(requests), ...convertAnswers(answers) },
    },
  };
}
