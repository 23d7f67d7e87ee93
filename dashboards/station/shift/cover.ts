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

export function uncover(): void {
  useStation.setState({ covered: false });
  keep("covered", null);
}
