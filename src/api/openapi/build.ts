import packageJson from "../../../package.json" with { type: "json" };
import { RESOURCES } from "../endpoints.ts";
import { convertComponents } from "./convert.ts";
import { type Operation, type Section, sectionOf } from "./operation.ts";
import { gateway } from "./outside/gateway.ts";
import { ingest } from "./outside/ingest.ts";
import { SHARED_PARAMETERS } from "./parameters.ts";
import { pathItemOf } from "./path-items.ts";
import { PROBLEM_RESPONSES } from "./problems.ts";

const SECTIONS: readonly Section[] = [ingest, ...RESOURCES.map(sectionOf), gateway];

const DESCRIPTION = `A webhook gateway. Times are ISO 8601 with milliseconds and \`Z\`. Unknown fields are refused with 400, other methods with 405. Every \`GET\` also accepts \`HEAD\`.`;

/** All operations, in the document's order. */
export const OPERATIONS: readonly Operation[] = SECTIONS.flatMap(({ operations }) => operations);

function paths(): object {
  const items: Record<string, Record<string, object>> = {};
  for (const { tag, operations } of SECTIONS) {
    for (const operation of operations) {
      const item = (items[operation.path] ??= {});
      item[operation.method.toLowerCase()] = pathItemOf(operation, tag);
    }
  }
  return items;
}

/** Builds the OpenAPI document of the whole public surface. */
export function buildDocument(): object {
  return {
    openapi: "3.1.0",
    info: {
      title: "Hookgate",
      version: packageJson.version,
      description: DESCRIPTION,
      license: { name: packageJson.license, identifier: packageJson.license },
    },
    servers: [{ url: "/" }],
    tags: SECTIONS.map(({ tag, description }) => ({ name: tag, ...(description === null ? {} : { description }) })),
    paths: paths(),
    components: {
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          description: "`ADMIN_TOKEN` or an API token with the scope: read, write or admin.",
        },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "hookgate_session",
          description:
            "The session of a token with the scope. Methods other than `GET` need the gateway's own `Origin`. A token counts before a session.",
        },
      },
      parameters: SHARED_PARAMETERS,
      headers: {
        IdempotencyReplayed: {
          description: "`true` if this is the answer to an earlier request.",
          schema: { type: "string", enum: ["true"] },
        },
      },
      responses: PROBLEM_RESPONSES,
      schemas: convertComponents(),
    },
  };
}
