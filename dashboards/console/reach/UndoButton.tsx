import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Undoable } from "./useUndo";

interface ButtonProps {
  step: Undoable & { untilMs: number };
  onUndo(): void;
}

/** It takes no focus: whoever has just pressed a button goes on from there, and finds it with the next Tab but one. */
export function UndoButton({ step, onUndo }: ButtonProps) {
  const { t } = useTranslation();
  const left = useSecondsLeft(step);
  return <button type="button" className="button" data-testid="undo" onClick={onUndo}>{step.then ? t("roster.undo_in", { n: left }) : t("roster.undo")}</button>;
}

function useSecondsLeft({ then, untilMs }: ButtonProps["step"]): number {
  const reckon = () => Math.max(0, Math.ceil((untilMs - performance.now()) / 1_000));
  const [left, setLeft] = useState(reckon);
  useEffect(() => {
    if (!then) return;
    const timer = window.setInterval(() => setLeft(reckon()), 250);
    return () => window.clearInterval(timer);
  }, [then, untilMs]);
  return left;
}
