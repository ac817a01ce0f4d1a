import { Button } from "@cloudflare/kumo/components/button";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { RotateDialog } from "../integrations/rotate-dialog.tsx";
import { useMay } from "../session/session.ts";
import { notifyFailure, notifySuccess } from "../ui/toasts.ts";

/** Replaces the key that signs in the gateway's name, after a question. */
export function RotateSigningKey() {
  const isAdmin = useMay("admin");
  const queries = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const rotate = useMutation({
    mutationFn: async (overlap_seconds: number) => unwrap(await client.keys.rotateSigning({ overlap_seconds })),
    onSuccess: async () => {
      notifySuccess("The new signing key signs within a minute");
      await queries.invalidateQueries({ queryKey: ["about"] });
    },
    onError: (error) => notifyFailure("The signing key was not rotated", error),
  });
  if (!isAdmin) return null;
  return (
    <div>
      <Button variant="secondary" loading={rotate.isPending} onClick={() => setIsAsking(true)}>
        Rotate signing key
      </Button>
      <RotateDialog
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        onRotate={({ overlapSeconds }) => rotate.mutate(overlapSeconds)}
        title="Rotate the signing key?"
        action="Rotate"
        what="key"
      >
        A new key signs in the name of the gateway. Receivers read it from /.well-known/jwks.json, which they may keep
        for an hour. Receivers with a copy of the key need the new one before the present key ends.
      </RotateDialog>
    </div>
  );
}
