export function Brand() {
  return (
    <span className="brand">
      <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="currentColor" />
        <path d="M9 8v16M23 8v16M9 16h8" className="brand-mark" strokeWidth="3.2" strokeLinecap="round" fill="none" />
        <circle cx="20" cy="16" r="2.6" className="brand-dot" />
      </svg>
      Hookgate
    </span>
  );
}
