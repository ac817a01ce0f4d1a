import { queryOptions, useQuery } from "@tanstack/react-query";
import { unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { sessionQuery, useMay } from "../session/session.ts";
import { Page } from "../shell/page.tsx";
import { ThemeSwitch } from "../shell/theme-switch.tsx";
import { Empty } from "../ui/states.tsx";
import { Time } from "../ui/time.tsx";
import { PlainTable } from "../ui/plain-table.tsx";
import { QueryView } from "../ui/query-view.tsx";

const tokensQuery = queryOptions({
  queryKey: ["tokens", "latest"],
  queryFn: async ({ signal }) => unwrap(await client.tokens.list({ limit: 100 }, { signal })),
});

export function SettingsPage() {
  const isAdmin = useMay("admin");
  const { data: session } = useQuery(sessionQuery);
  return (
    <Page name="Settings">
      <section aria-labelledby="appearance-title">
        <h2 id="appearance-title">Appearance</h2>
        <ThemeSwitch />
      </section>
      <section aria-labelledby="session-title">
        <h2 id="session-title">Session</h2>
        <p className="muted">
          {`Signed in with ${session?.scopes.join(", ") ?? "no scope"}.`}
          {session === undefined || session.expires_at === null ? null : (
            <>
              {" Without use, the session ends "}
              <Time at={session.expires_at} as="relative" />.
            </>
          )}
        </p>
      </section>
      {isAdmin ? <Tokens /> : null}
    </Page>
  );
}

function Tokens() {
  const query = useQuery(tokensQuery);
  return (
    <section>
      <h2>API tokens</h2>
      <QueryView query={query} label="Loading API tokens">
        {({ data }) =>
          data.length === 0 ? (
            <Empty title="No API tokens">The API makes them: POST /api/v1/tokens.</Empty>
          ) : (
            <PlainTable
              label="API tokens"
              columns={["Name", "Scopes", "Expires", "Created"]}
              rows={data.map(({ id, name, scopes, expires_at, created_at }) => ({
                id,
                cells: [
                  <bdi key="name">{name}</bdi>,
                  scopes.join(", "),
                  expires_at === null ? "never" : <Time key="expires" at={expires_at} />,
                  <Time key="created" at={created_at} />,
                ],
              }))}
            />
          )
        }
      </QueryView>
    </section>
  );
}
