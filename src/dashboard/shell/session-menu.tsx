import { SignOutIcon } from "@phosphor-icons/react/dist/csr/SignOut";
import { Button } from "@cloudflare/kumo/components/button";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type Session, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { sessionQuery } from "../session/session.ts";
import { notifyFailure } from "../ui/toasts.ts";
import { ThemeSwitch } from "./theme-switch.tsx";

/** The actor of a person behind Cloudflare Access: this and the email. */
const ACCESS = "access:";

function nameOf({ actor, token }: Session): string {
  if (token !== null) return token.name;
  return actor.startsWith(ACCESS) ? actor.slice(ACCESS.length) : "Administrator";
}

export function SessionMenu() {
  const { data } = useQuery(sessionQuery);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const leave = useMutation({
    mutationFn: async () => unwrap(await client.sessions.deleteCurrent()),
    onSuccess: async () => {
      await navigate({ to: "/login" });
      queries.clear();
    },
    onError: (error) => notifyFailure("Signing out failed", error),
  });
  const scopes = data?.scopes ?? [];
  const right = scopes.includes("admin") ? "all rights" : scopes.includes("write") ? "read and write" : "read only";
  return (
    <div className="session-menu">
      <ThemeSwitch />
      <div className="session-row">
        <span className="session-name">
          <bdi>{data === undefined ? "" : nameOf(data)}</bdi>
          <span className="muted small">{right}</span>
        </span>
        <Button
          variant="ghost"
          size="sm"
          shape="square"
          icon={<SignOutIcon size={16} aria-hidden="true" />}
          aria-label="Sign out"
          title="Sign out"
          loading={leave.isPending}
          onClick={() => leave.mutate()}
        />
      </div>
    </div>
  );
}
