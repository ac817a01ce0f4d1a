import { CopyButton } from "../ui/copy-button.tsx";

type SecretOnceProps = {
  /** The name of the secret, such as "Signing secret". */
  readonly name: string;
  readonly value: string;
  readonly hint?: string;
};

/** A secret that the gateway has just returned, and never returns again. */
export function SecretOnce({ name, value, hint }: SecretOnceProps) {
  return (
    <div className="secret-once" role="status">
      <p className="secret-once-title">{name}</p>
      <div className="secret-once-value">
        <code>{value}</code>
        <CopyButton label={`Copy ${name.toLowerCase()}`} text={() => value} />
      </div>
      <p className="muted small">{hint ?? "Copy it now. The gateway does not show it again."}</p>
    </div>
  );
}
