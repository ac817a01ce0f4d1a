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
          {`Signed in with ${session?.scopes.join(", ") ?? "no scope"}.`}
          {session === undefined || session.expires_at === null ? null : (
            <>
              {" Without use, the session ends at "}
              <Time at={session.expires_at} /> (<Time at={session.expires_at} as="relative" />
              ).
            </>
          )}
        </p>
      </section>
    </>
  );
}
