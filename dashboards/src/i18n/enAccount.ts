/** What everybody may do about their own account, in English. The same keys as `zhAccount.ts`. */
import type { zhAccount } from "./zhAccount";

export const enAccount: typeof zhAccount = {
  title: "My account", whose: "{{name}} ({{username}})", cancel: "Cancel", back: "Back", password: "Password", old: "Present password", new: "New password", again: "New password once more", show: "Show password", change: "Change password",
  rules: "At least {{n}} characters; some words in a row are easy to keep. Not your user name in it.", changed: "The password is changed. All other sessions of this account have ended.",
  fault: { short: "The new password is too short: at least 12 characters.", few_signs: "The new password is too simple: at least 5 different characters.", has_name: "The new password must not hold your user name.", differs: "The two new passwords are not the same." },
  refusal: {
    unreached: "The server did not answer. Check the network and try again.", bad_credentials: "The password is not right.", bad_code: "The code is not right, or was used before. Check the telephone's clock and wait for the next one.",
    has_second_factor: "This account has a code already.", name_taken: "Somebody has this user name. Take another one.", invitation_void: "The invitation is void.", locked: "The screen is locked.", forbidden: "Not done: your role may not do this.", other: "It was not done: {{detail}}",
  },
  factor: {
    title: "Code at log-in", is_on: "On: beside the password a code from your telephone is asked for at log-in.", is_off: "Off. With it, knowing your password is not enough to log in.", set_up: "Set up a code", picture: "QR code for an authenticator",
    scan: "Scan the picture with the authenticator on your telephone.", open: "Open the authenticator on this telephone", or_type_here: "If it does not open, type this secret there:", or_type: "If it cannot scan, type this secret:", then_code: "Enter the 6 digits that it shows.", confirm: "Confirm", password: "Password (asked for again to take the code off)", password_set_up: "Password (asked for again to set up the code)", remove: "Take the code off",
  },
  sessions: {
    title: "Where you are logged in", this: "this one", locked: "locked", since: "since {{time}}, from {{source}}", end: "End it", unknown: "Unknown program", failed: "Could not be loaded.", loading: "Loading…",
    confirm: "End this session?", confirm_what: "{{browser}}, from {{source}}. Its screen closes at once.",
  },
};
