/** A plain disclosure behind a button, so that Tab goes on into it. It closes on Escape, and when one looks elsewhere. */
import { type FocusEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";

export function useDisclosure() {
  const [isOpen, setOpen] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    const closeUnlessInside = (event: PointerEvent) => {
      if (event.target instanceof Node && !frame.current?.contains(event.target)) setOpen(false);
    };
    window.addEventListener("pointerdown", closeUnlessInside);
    return () => window.removeEventListener("pointerdown", closeUnlessInside);
  }, [isOpen]);
  /** What an entry opens gives the focus back to where it was taken from, and the entry is gone by then. */
  const leaveFor = (open: () => void) => {
    setOpen(false);
    button.current?.focus();
    open();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !isOpen) return;
    event.stopPropagation();
    setOpen(false);
    button.current?.focus();
  };
  const onBlur = (event: FocusEvent) => {
    if (event.relatedTarget && !frame.current?.contains(event.relatedTarget)) setOpen(false);
  };
  return { isOpen, leaveFor, frame: { ref: frame, onKeyDown, onBlur }, button: { ref: button, "aria-expanded": isOpen, onClick: () => setOpen(!isOpen) } };
}
