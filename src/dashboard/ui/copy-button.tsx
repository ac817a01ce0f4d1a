import { CheckIcon } from "@phosphor-icons/react/dist/csr/Check";
import { CopyIcon } from "@phosphor-icons/react/dist/csr/Copy";
import { Button } from "@cloudflare/kumo/components/button";
import { useEffect, useState } from "react";
import { notifyFailure } from "./toasts.ts";

const SHOWN_MS = 2_000;

type CopyButtonProps = { readonly label: string; readonly text: () => string };

/** Copies a text, which is made when the button is pressed. */
export function CopyButton({ label, text }: CopyButtonProps) {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setIsCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text());
      setIsCopied(true);
    } catch (error) {
      notifyFailure("The browser refused to copy", error);
    }
  };
  return (
    <Button
      size="sm"
      variant="ghost"
      icon={isCopied ? <CheckIcon aria-hidden="true" /> : <CopyIcon aria-hidden="true" />}
      onClick={() => void copy()}
    >
      {isCopied ? "Copied" : label}
    </Button>
  );
}
