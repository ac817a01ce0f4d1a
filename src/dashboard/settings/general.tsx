import { useQuery } from "@tanstack/react-query";
import { sessionQuery } from "../session/session.ts";
import { ThemeSwitch } from "../shell/theme-switch.tsx";
import { Time } from "../ui/time.tsx";

export function General() {
  const { data: session } = useQuery(sessionQuery);
  return (
    <>
      <section aria-labelledby="appearance-title">
        <h2 id="appearance-title">Appearance</h2>
        <ThemeSwitch />
      </section>
      <section aria-labelledby="session-title">
        <h2 id="session-title">Session</h2>
        <p className="muted">
          {session === undefined ? null : `Signed in with the scopes ${session.scopes.join(", ")}.`}
          {session === undefined || session.expires_at === null ? null : (
            <>
              {" If you do not use the session, it ends at "}
              <Time at={session.expires_at} /> (<Time at={session.expires_at} as="relative" />
              ).
            </>
          )}
        </p>
      </section>
    </>
  );
}
