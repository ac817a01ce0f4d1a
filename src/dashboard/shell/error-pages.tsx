import { Button } from "@cloudflare/kumo/components/button";
import { Link, useRouter } from "@tanstack/react-router";
import { Failed } from "../ui/states.tsx";
import { useTitle } from "./title.ts";

export function NotFoundPage() {
  useTitle("Not found");
  return (
    <main className="alone">
      <h1>There is no page at this address</h1>
      <p className="muted">
        Go to the <Link to="/">overview</Link> or check the address.
      </p>
    </main>
  );
}

/** Stands in for a page that threw or could not be loaded. */
export function CrashPage({ error }: { readonly error: unknown }) {
  useTitle("Error");
  const router = useRouter();
  return (
    <main className="alone">
      <h1>This page could not be shown</h1>
      <Failed error={error} onRetry={() => void router.invalidate()} />
      <Button variant="ghost" onClick={() => location.reload()}>
        Reload the page
      </Button>
    </main>
  );
}
