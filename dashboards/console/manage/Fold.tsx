/** A row of a list that opens in its place, so that the list around it stays in sight. */
import { type ReactNode, useId } from "react";

interface FoldProps {
  name: string;
  head: ReactNode;
  opened: boolean;
  onToggle(): void;
  children: ReactNode;
}

export function Fold({ name, head, opened, onToggle, children }: FoldProps) {
  const id = useId();
  return (
    <li className={opened ? "fold is-opened" : "fold"}>
      <button type="button" className="fold-head" aria-expanded={opened} aria-controls={opened ? id : undefined} onClick={onToggle}>{head}</button>
      {opened && <div id={id} className="fold-body" role="group" aria-label={name}>{children}</div>}
    </li>
  );
}
