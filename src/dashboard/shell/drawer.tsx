import { type ReactNode, useEffect, useRef } from "react";

type DrawerProps = {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly label: string;
  readonly children: ReactNode;
};

/** A panel over the page. The browser keeps the focus inside and closes it with Escape. */
export function Drawer({ isOpen, onClose, label, children }: DrawerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog
      ref={dialog}
      className="drawer"
      aria-label={label}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      {isOpen ? <div className="drawer-content">{children}</div> : null}
    </dialog>
  );
}
