import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { notifyFailure, notifySuccess } from "../ui/toasts.ts";

type Deletion = {
  /** The list that the page leads back to. */
  readonly list: "integrations" | "destinations" | "routes" | "transformations";
  readonly send: () => Promise<unknown>;
  /** Reads again what the deletion changes. */
  readonly renew: () => Promise<unknown>;
  readonly texts: { readonly done: string; readonly failed: string };
};

/**
 * Returns the mutation that deletes what a page shows. It leaves the page before it sends the request: the page polls, and would
 * get a 404.
 */
export function useDeletion({ list, send, renew, texts }: Deletion) {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async () => {
      await navigate({ to: `/${list}`, ignoreBlocker: true });
      await send();
    },
    onSuccess: async () => {
      notifySuccess(texts.done);
      await renew();
    },
    onError: (error) => notifyFailure(texts.failed, error),
  });
}
