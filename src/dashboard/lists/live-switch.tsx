type LiveSwitchProps = { readonly isLive: boolean; readonly onChange: (isLive: boolean) => void };

/** Turns the polling of a list on and off. */
export function LiveSwitch({ isLive, onChange }: LiveSwitchProps) {
  return (
    <label className="live-switch" data-live={isLive}>
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
