import { SignOutIcon } from "@phosphor-icons/react/dist/csr/SignOut";
import { Button } from "@cloudflare/kumo/components/button";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { unwrap } from "../../client/index.ts";
import { sessionQuery, signOut } from "../session/session.ts";
import { notifyFailure } from "../ui/toasts.ts";
import { ThemeSwitch } from "./theme-switch.tsx";

export function SessionMenu() {
  const { data } = useQuery(sessionQuery);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const leave = useMutation({
    mutationFn: async () => unwrap(await signOut()),
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
          <bdi>{data?.token?.name ?? "Administrator"}</bdi>
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
