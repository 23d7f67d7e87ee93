/**
 * What was typed of a call. The end of a session takes the form off the page while somebody may be speaking: the words wait here for
 * whoever typed them. Whom it was about is shown to nobody and is chosen anew; a log-in as somebody else loads the page anew.
 */
import { useDesk } from "../state/deskStore";

export interface TypedCall {
  caller: string;
  words: string;
}

const nothing: TypedCall = { caller: "", words: "" };

let typed = nothing;

export const typedCall = (): TypedCall => typed;

export const keepTyped = (call: TypedCall): void => { typed = call; };

/** The form is gone: sent, given up, or covered. */
export function dropTyped(): void {
  if (useDesk.getState().session.kind !== "ended") typed = nothing;
}
