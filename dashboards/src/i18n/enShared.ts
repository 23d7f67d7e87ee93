/** English that every page says alike. The same keys as `zhShared.ts`. */
import type { zhIncident, zhMap, zhShared } from "./zhShared";

export const enShared: typeof zhShared = {
  login: {
    username: "User name", password: "Password", submit: "Log in", bad_credentials: "User name or password is not right.", throttled: "Too many attempts. Try again in {{n}} s.", unreached: "The server cannot be reached. Check the network and try again.", refused: "Log-in failed: {{detail}}",
    code_required: "Name and password are right. Now enter the present 6-digit code of your authenticator.", bad_code: "The code is not right, or was used before. Wait for the next one.", shut_out: "This account has been shut out. Ask an administrator.",
  },
  account: { code: "Code", code_if_any: "if the account has one" },
  age: { seconds: "{{n}} s", minutes: "{{n}} min", hours: "{{n}} h {{minutes}} min", days: "{{n}} d", ago: "{{duration}} ago" },
  distance: { metres: "{{n}} m", kilometres: "{{n}} km" },
  link: { up: "Link up", connecting: "Connecting", down: "Link down", stopped: "Not connected", session_ended: "Session ended", crowded: "This account has too many pages open, and this one gave way. Close those you do not need; it reconnects after half a minute." },
};

export const enIncident: typeof zhIncident = {
  severity: { life: "Life", urgent: "Urgent", notice: "Notice", technical: "Technical" },
  kind: {
    press: "Press", call: "Call", fall: "Fall", wandering: "Wandering", fence_exit: "Left the fence", zone_entry: "Entered a zone", overdue: "Overdue",
    inactivity: "Inactivity", silence: "Handset silent", low_battery: "Low battery", taken_off: "Handset taken off", login_refused: "Handset log-in refused", two_places: "Handset in two places",
  },
  summary: {
    none: "No signal yet", nth: "{{kind}} no. {{n}}", first: "{{kind}}", when: "{{what}}, {{age}}", late: "{{what}} {{pressed}}, {{arrived}}",
    arrived_now: "arrived just now", arrived: "arrived {{age}}", cancelled: "{{kind}}, then cancelled {{age}}: still to be checked",
  },
};

export const enMap: typeof zhMap = {
  title: "Position", loading: "Loading the map…", failed: "The map cannot be shown; see the words beside it.", schematic_note: "Schematic map: do not give directions from it", words: "Map: {{words}}", home: "Home", person: "Resident", zoom_in: "Zoom in", zoom_out: "Zoom out", recentre: "Back to the resident", with_responders: "Resident and responders",
};
