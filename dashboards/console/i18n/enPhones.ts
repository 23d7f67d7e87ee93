/** English of telephones that stand in for a handset. The same keys as `zhPhones.ts`. */
import type { zhPhones } from "./zhPhones";

export const enPhones: typeof zhPhones = {
  carried: { title: "Handsets carried", never: "Never carried one.", telephone: "telephone" },
  phones: {
    title: "Telephones in its place", none: "No telephone is bound to it.", add: "Add a telephone", app: "The app on it", apps: { owntracks: "OwnTracks (Android, iPhone)", osmand: "Traccar Client or OsmAnd (with an SOS button)" }, name: { owntracks: "OwnTracks: {{user}} / {{device}}", osmand: "Traccar Client / OsmAnd" },
    user: "User", device: "Device", name_rules: "none of / + #", passphrase: "Encryption key (not needed)", passphrase_rules: "as typed into the app, at most 32 bytes", replaces: "The id that it had before is void; the old telephone is not this handset's any more.", bind: "Add", remove: "Remove", remove_of: "Remove {{phone}}",
    remove_ask: "Remove {{phone}}?", remove_what: "Nothing that this telephone sends arrives any more, presses included.", removed: "{{phone}} is removed.", code_for: "A telephone for {{handset}}: scan to set it up",
    id: "Device identifier", osmand_explain: "Traccar Client: scan this in its settings, or type the server {{server}} and the identifier below.", osmand_address: "Address for OsmAnd's online tracking",
    owntracks_explain: "Open OwnTracks on the telephone, choose the mode HTTP, and give it this address:", owntracks_log_in: "Its user name is {{handset}}, its password the handset's secret.", link: "Link with the settings", make: "Give it a new secret, as a QR code", make_explain: "The new secret is in the picture and need not be typed. Once it is used the old one is void: other telephones and devices of this handset must be set up anew.",
    scan_explain: "Scan it with the telephone's camera: OwnTracks opens and takes the settings. The link can be sent to the telephone, too.", sealed_explain: "The encryption key is not in the picture: type the same key into OwnTracks as well, or its messages are not sealed. Sealed with another key they cannot be read.", later: "Later",
  },
};
