import { Button } from "@cloudflare/kumo/components/button";
import { Input } from "@cloudflare/kumo/components/input";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import type { Failure } from "../../client/index.ts";
import { describeFailure } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { Brand } from "../shell/brand.tsx";
import { useTitle } from "../shell/title.ts";
import { returnPath } from "./return-path.ts";

const route = getRouteApi("/login");

function messageOf(failure: Failure): string {
  if (failure.kind === "network") return "The gateway did not respond. Check your connection and try again.";
  if (failure.status === 401) return "This token is not valid. It may have expired or been deleted.";
  if (failure.status === 429) {
    const seconds = failure.headers.get("retry-after") ?? "60";
    return `Too many wrong tokens came from this address. Try again in ${seconds} seconds.`;
  }
  return describeFailure(failure);
}

export function LoginPage() {
  useTitle("Sign in");
  const { return_to } = route.useSearch();
  const router = useRouter();
  const queries = useQueryClient();
  const [token, setToken] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  async function submit(): Promise<void> {
    setIsBusy(true);
    const result = await client.sessions.create({ token: token.trim() });
    setIsBusy(false);
    if (!result.ok) {
      setError(messageOf(result.error));
      return;
    }
    queries.clear();
    router.history.push(returnPath(return_to));
  }

  return (
    <main className="login">
      <form
        className="login-card"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (token.trim() === "") setError("Enter a token.");
          else void submit();
        }}
      >
        <Brand />
        <h1>Sign in</h1>
        <p className="muted">
          Use the admin token that <code>npm start</code> or the deployment printed, or an API token.
        </p>
        <Input
          label="Token"
          type="password"
          autoComplete="current-password"
          spellCheck={false}
          autoFocus
          value={token}
          onChange={(event) => {
            setToken(event.target.value);
            setError(null);
          }}
          {...(error === null ? {} : { error, "aria-invalid": true })}
        />
        <Button type="submit" variant="primary" loading={isBusy}>
          Sign in
        </Button>
        <p className="muted small">The token is exchanged for a session cookie. The browser does not keep it.</p>
      </form>
    </main>
  );
}
