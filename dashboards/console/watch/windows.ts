/** Drill windows opened from this desk. Nobody tells of those that others opened. */
import { create } from "zustand";
import type { DrillWindow } from "../../src/api/types";

interface Windows {
  byHandset: Readonly<Record<string, DrillWindow>>;
}

export const useWindows = create<Windows>(() => ({ byHandset: {} }));

export const keepWindow = (window: DrillWindow): void =>
  useWindows.setState(({ byHandset }) => ({ byHandset: { ...byHandset, [window.handset]: window } }));

export const dropWindow = (handset: string): void =>
  useWindows.setState(({ byHandset: { [handset]: _gone, ...others } }) => ({ byHandset: others }));
