import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { Integration } from "../../client/index.ts";
import { SecretOnce } from "../forms/secret-once.tsx";
import { Time } from "../ui/time.tsx";
import { credentialWord, credentialsOf, revealedQuery } from "./credentials.ts";

/** The secrets that this session was shown, and until when a replaced one is accepted. */
export function RevealedSecrets({ integration }: { readonly integration: Integration }) {
  const { data: revealed } = useQuery(revealedQuery(integration.id));
  const { auth } = integration;
  const endsAt = auth.type === "none" ? undefined : auth.previous_expires_at;
  const credentials = revealed === undefined || revealed === null ? [] : credentialsOf(revealed);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // A secret that the settings have set appears above them.
    if (revealed !== undefined && revealed !== null) place.current?.scrollIntoView({ block: "nearest" });
  }, [revealed]);
  return (
    <div ref={place} className="revealed">
      {credentials.map(({ name, value }) => (
        <SecretOnce
          key={name}
          name={name}
          value={value}
          hint="Give it to the sender now. The gateway does not show it again."
        />
      ))}
      {endsAt === undefined ? null : (
        <p className="callout" data-health="pending">
          {`The replaced ${credentialWord(auth) ?? "credential"} is accepted until `}
          <Time at={endsAt} /> (<Time at={endsAt} as="relative" />
          ).
        </p>
      )}
    </div>
  );
}
