/**
 * The cover over a station's tasks. It is this page's and not the server's lock: a locked session is told of no task, and this
 * telephone must ring.
 */
import { useStation } from "../state/store";
import { keep } from "./kept";

export function cover(): void {
  useStation.setState({ covered: true });
  keep("covered", "yes");
}

/** Whoever takes it away sees the visits to be made, whatever was looked at before. */
export function uncover(): void {
  useStation.setState({ covered: false, tab: "live" });
  keep("covered", null);
}
