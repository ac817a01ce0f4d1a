import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { unwrap } from "../../client/index.ts";
import type { Scope } from "../../model/token.ts";
import { client } from "../api/client.ts";
import { SelectField, TextField } from "../forms/fields.tsx";
import { Form } from "../forms/form.tsx";
import { SecretOnce } from "../forms/secret-once.tsx";
import { EXPIRIES, type Expiry, expiresAt } from "./expiry.ts";

const SCOPES = [
  { value: "read", label: "read: see everything but tokens and the audit trail" },
  { value: "write", label: "write: change the configuration, replay and retry" },
  { value: "admin", label: "admin: everything, tokens too" },
] as const satisfies readonly { readonly value: Scope; readonly label: string }[];

/** Makes an API token, and shows it once. */
export function CreateToken() {
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [scope, setScope] = useState<Scope>("read");
  const [expiry, setExpiry] = useState<Expiry>("never");
  const create = useMutation({
    mutationFn: async () =>
      unwrap(await client.tokens.create({ name, scopes: [scope], expires_at: expiresAt(expiry, Date.now()) })),
    onSuccess: async () => {
      setName("");
      await queries.invalidateQueries({ queryKey: ["tokens"] });
    },
  });
  return (
    <>
      {create.data === undefined ? null : <SecretOnce name="Token" value={create.data.token} />}
      <Form
        label="New API token"
        action="Create token"
        isBusy={create.isPending}
        error={create.error}
        isChanged={name !== ""}
        onSubmit={() => create.mutate()}
      >
        <TextField label="Name" path="name" value={name} onChange={setName} isRequired />
        <SelectField label="Scope" path="scopes" options={SCOPES} value={scope} onChange={setScope} />
        <SelectField label="Expires" path="expires_at" options={EXPIRIES} value={expiry} onChange={setExpiry} />
      </Form>
    </>
  );
}
