import { useIsPushed } from "../live/pushed.ts";

type LiveSwitchProps = { readonly isLive: boolean; readonly onChange: (isLive: boolean) => void };

/** Turns the updates of a list on and off. */
export function LiveSwitch({ isLive, onChange }: LiveSwitchProps) {
  const isPushed = useIsPushed();
  const title = isPushed ? "Changes appear at once" : "Looks for changes every three seconds";
  return (
    <label className="live-switch" data-live={isLive} title={isLive ? title : undefined}>
      <input
        type="checkbox"
        role="switch"
        className="visually-hidden"
        checked={isLive}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span className="live-dot" aria-hidden="true" />
      Live
    </label>
  );
}
