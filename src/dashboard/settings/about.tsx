import { queryOptions, useQuery } from "@tanstack/react-query";
import { version } from "../../../package.json";
import { unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { PlainTable } from "../ui/plain-table.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Status } from "../ui/status.tsx";
import { Time } from "../ui/time.tsx";
import { RotateSigningKey } from "./rotate-signing-key.tsx";

const aboutQuery = queryOptions({
  queryKey: ["about"],
  queryFn: async ({ signal }) => {
    const [ready, keys] = await Promise.all([client.gateway.getReadiness({ signal }), client.keys.get({ signal })]);
    return { isReady: ready.ok, keys: unwrap(keys) };
  },
});

const USES = {
  seal: "seals stored secrets",
  hash: "hashes tokens",
  sign: "signs deliveries",
  address: "makes the checksums of addresses",
} as const;

/** The state of the gateway and its keys. No key is shown. */
export function About() {
  const query = useQuery(aboutQuery);
  return (
    <section aria-labelledby="about-title">
      <h2 id="about-title">About this gateway</h2>
      <QueryView query={query} label="Loading the state of the gateway">
        {({ isReady, keys }) => (
          <div className="settings-stack">
            <p>
              <Status health={isReady ? "ok" : "dead"}>
                {isReady ? "The gateway is ready" : "The gateway is not ready: GET /ready names what is missing"}
              </Status>
            </p>
            <p>Version {version}</p>
            <p>
              <a href="/api/v1/openapi.json">The API as an OpenAPI document</a>
            </p>
            <h3>Keys</h3>
            <p className="muted">
              {keys.remaining === 0
                ? "All keys are wrapped under the current MASTER_KEY."
                : `${keys.remaining} keys are not yet wrapped under the current MASTER_KEY. Keep MASTER_KEY_PREVIOUS set.`}
            </p>
            <PlainTable
              label="Keys"
              columns={["Key", "Use", "Created", "Signs until"]}
              rows={keys.data.map(({ id, purpose, created_at, expires_at }) => ({
                id: `${purpose} ${id}`,
                cells: [
                  <code key="id">{id}</code>,
                  USES[purpose],
                  <Time key="created" at={created_at} />,
                  expires_at === null ? "no end" : <Time key="expires" at={expires_at} />,
                ],
              }))}
            />
            <RotateSigningKey />
          </div>
        )}
      </QueryView>
    </section>
  );
}
