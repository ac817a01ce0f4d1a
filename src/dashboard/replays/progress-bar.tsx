type ProgressBarProps = { readonly label: string; readonly value: number; readonly max: number };

/** How far something is, with the same in words for screen readers. */
export function ProgressBar({ label, value, max }: ProgressBarProps) {
  return <progress className="progress" aria-label={label} value={value} max={Math.max(1, max)} />;
}
