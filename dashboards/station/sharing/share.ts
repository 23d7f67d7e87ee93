/** Watches where this telephone is while its owner wants the desk to see that, and sends it. Off it is off at once, whatever the server answers. */
import { putSharing, readSharing, sendPosition } from "../../src/api/sharing";
import { hindranceOf } from "../../src/session/hindrance";
import {
  bodyOf, isDue, type Measured, notSharing, obstacleOf, sharedFor, type Sharing, stopped, type Trouble, troubleOfCode, withoutOver,
} from "../../src/task/sharing";
import { onTick, serverClock } from "../../src/time/useNow";
import { useStation } from "../state/store";
import { keepSharing, keptSharing } from "./kept";

/** A first position may take a while under a roof. */
const MEASURE_WITHIN_MS = 60_000;

let watching: number | null = null;
/** The newest that is still to be sent. */
let measured: Measured | null = null;
let triedMs: number | null = null;
let sending = false;

const username = (): string | null => {
  const { session } = useStation.getState();
  return session.kind === "in" && hindranceOf(session.me, "station") === null ? session.me.username : null;
};

const change = (part: Partial<Sharing>): void => useStation.setState(({ sharing }) => ({ sharing: { ...sharing, ...part } }));

const fail = (trouble: Trouble): void => change({ trouble });

export const obstacle = (): Trouble | null => obstacleOf({ isSecure: window.isSecureContext, hasGeolocation: "geolocation" in navigator });

export async function startSharing(task: string): Promise<void> {
  const stands = obstacle();
  if (stands) return fail(stands);
  change({ asking: true, trouble: null });
  const answer = await putSharing(true);
  if (answer.kind !== "done") return change({ asking: false, trouble: answer.kind });
  // It may have ended while the server was asked.
  const { sharing, board } = useStation.getState();
  change(withoutOver({ ...sharing, tasks: [...sharing.tasks, task], asking: false, owed: false }, board.tasks));
}

export function stopSharing(trouble: Trouble | null = null): void {
  change(stopped(useStation.getState().sharing, trouble));
  void flush();
}

/** Until the server knows that it is over. */
async function settle(): Promise<void> {
  triedMs = performance.now();
  change({ asking: true });
  const answer = await putSharing(false);
  change({ asking: false, owed: answer.kind !== "done" });
}

function refused(code: string): void {
  if (code === "not_agreed") change({ ...notSharing, trouble: "withdrawn" });
  // That the task is over the live link tells in a moment.
  else if (code !== "not_under_way") fail("refused");
}

async function send(tasks: readonly string[], position: Measured): Promise<void> {
  const body = bodyOf(position, Date.now(), serverClock.nowMs());
  if (!body) return fail("rough");
  const answers = await Promise.all(tasks.map((task) => sendPosition(task, body)));
  // Switched off in the meantime: what became of it is old news.
  if (useStation.getState().sharing.tasks.length === 0) return;
  for (const answer of answers) {
    if (answer.kind === "unreached") {
      // A telephone that lies still measures nothing new: the same is sent again.
      measured ??= position;
      fail("unreached");
    } else if (answer.kind === "refused") refused(answer.code);
    else change({ sentMs: serverClock.nowMs(), trouble: null });
  }
}

async function flush(): Promise<void> {
  const { sharing, board } = useStation.getState();
  const me = username();
  if (me === null || sending || !isDue(triedMs, performance.now())) return;
  if (sharing.owed) return sharing.asking ? undefined : settle();
  const tasks = sharedFor(sharing, board.tasks, me);
  if (tasks.length === 0 || !measured) return;
  const position = measured;
  measured = null;
  sending = true;
  triedMs = performance.now();
  await send(tasks, position);
  sending = false;
}

function watch(): void {
  watching = navigator.geolocation.watchPosition(
    (position) => { measured = position; void flush(); },
    ({ code }) => (troubleOfCode(code) === "denied" ? stopSharing("denied") : fail(troubleOfCode(code))),
    { enableHighAccuracy: true, maximumAge: 0, timeout: MEASURE_WITHIN_MS },
  );
}

function unwatch(): void {
  if (watching !== null) navigator.geolocation.clearWatch(watching);
  watching = measured = triedMs = null;
}

/** What was agreed to before this page was loaded, if the server still knows of it. */
async function resume(by: string): Promise<void> {
  useStation.setState({ sharing: keptSharing(by) });
  if (useStation.getState().sharing.tasks.length === 0) return;
  const known = await readSharing().catch(() => null);
  if (known?.agreed === false) change({ ...notSharing, trouble: "withdrawn" });
}

export function watchSharing(): void {
  let by: string | null = null;
  useStation.subscribe((state, before) => {
    const me = username();
    if (me !== null && me !== by) void resume((by = me));
    const { sharing, board } = useStation.getState();
    const left = state.health !== null && (before.health === null || before.board !== board) ? withoutOver(sharing, board.tasks) : sharing;
    if (left !== sharing) return change(left);
    if (me !== null && sharing !== before.sharing) keepSharing(me, sharing);
    const isWanted = me !== null && sharedFor(sharing, board.tasks, me).length > 0;
    if (isWanted && watching === null) watch();
    if (!isWanted && watching !== null) unwatch();
  });
  onTick(() => void flush());
}
