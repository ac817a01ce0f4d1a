import { Button } from "@cloudflare/kumo/components/button";
import { useMutation } from "@tanstack/react-query";
import { type Destination, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { useMay } from "../session/session.ts";
import { Status } from "../ui/status.tsx";
import { notifyFailure } from "../ui/toasts.ts";

/** Leads to the service that grants the token, which leads back to the gateway. */
export function Authorize({ destination }: { readonly destination: Destination }) {
  const { id, auth } = destination;
  const may = useMay("write");
  const begin = useMutation({
    mutationFn: async () => unwrap(await client.destinations.authorize(id, {})),
    onSuccess: ({ authorization_url }) => {
      const url = URL.parse(authorization_url);
      if (url !== null && ["http:", "https:"].includes(url.protocol)) globalThis.location.assign(url.href);
    },
    onError: (error) => notifyFailure("The authorization did not start", error),
  });
  if (auth.type !== "oauth2_authorization_code") return null;
  return (
    <div className="section-head">
      <Status health={auth.connected ? "ok" : "failing"}>{auth.connected ? "authorized" : "not authorized"}</Status>
      {may ? (
        <Button size="sm" loading={begin.isPending} onClick={() => begin.mutate()}>
          Get token
        </Button>
      ) : null}
    </div>
  );
}
