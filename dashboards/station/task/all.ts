/** Asks for everything this screen may see. False if there was no answer. */
import { door } from "../door";
import { keepTasks } from "../state/store";

export async function askForAll(): Promise<boolean> {
  try {
    keepTasks(await door().tasks("all"));
    return true;
  } catch {
    return false;
  }
}
