/** English of the sentences in which the server refuses what was sent. The same keys as `zhSaid.ts`. */
import type { zhSaid } from "./zhSaid";

export const enSaid: typeof zhSaid = {
  said: {
    entry: "Hours {{n}} are wrong.", home_by: "The home-by time {{n}} is wrong.", time: "“{{words}}” is no time from 00:00 to 24:00.", day: "“{{words}}” is no weekday.", date: "“{{words}}” is no date such as 2026-02-17.", neither: "Hours are of weekdays or of a date.",
    nothing: "From {{from}} to {{from}} is empty; a whole day is 00:00 to 24:00.", needed: "Fill in {{field}}.", long: "{{field}} has at most {{n}} characters.", sign: "{{field}} holds a control character.", one_of: "{{field}} is none of those that can be chosen.", range: "{{field}} must be {{least}} to {{most}}.",
    faster: "Somebody else was faster; look at how it stands now before trying again.", many_fences: "A resident has at most {{n}} fences.", many_zones: "There are at most {{n}} zones.", many_entries: "There are at most {{n}} hours and home-by times each.", and: " ",
    coordinate: "Position {{n}} is none.", empty: "There is nothing in it.", few_positions: "It has {{n}} so far.", open: "The ends of ring {{n}} do not meet.", flat: "Ring {{n}} encloses no surface.", crosses: "It crosses near {{lat}} N, {{lon}} E.", many_positions: "It has {{n}} positions, at most {{most}}.", too_large: "At most {{most}} positions in {{bytes}} bytes.",
    hole_outside: "Ring {{n}} is a hole and must lie within ring {{outer}}, the outer one.", hole_within: "Ring {{n}} lies within ring {{other}}, and both are holes: take one away.", polygon_within: "Polygon {{n}} lies within polygon {{other}} and is drawn twice: take it away, or draw it as a hole.",
    large: "It is {{n}} km wide, at most {{most}} km.", date_line: "It reaches over half of the earth.", small: "{{field}} is {{n}} m, at least {{least}} m.", wgs84: "It names another datum.", datum: "It lies beside known places by just the shift of {{name}}.", not_a_shape: "It must be a Circle, Polygon, MultiPolygon or Corridor.",
    absence: "It ends after now and after it begins, within {{n}} days.", cannot_be_asked: "This telephone cannot do that; ring the resident.", only_in_need: "A handset is asked something only while its resident has an open incident.", given_at: "The consent cannot be given in the future.", quarter: "There is no such quarter.", no_handset: "There is no such handset.", too_fast: "Too many requests; try again in {{n}} s.",
    no_relative: "This account is no relative's: log in with that of a relative.", own_account: "This invitation is for a new account, not for one that exists.",
    stays_incidents: "Incidents without the person: what happened and when, for the figures and for the answer to complaints.", stays_audit: "The audit log: who looked when, by the resident's id, as the law asks for records of processing.", stays_consents: "Consents without names: that there was a ground for what was done.",
    stays_handsets: "What handsets said of themselves beside positions (status, fall reports), nobody's now, until retention.messages_days is over.", stays_positions: "Positions of the last hours: removed within two days, when their part of the journal is put in order.",
    field: {
      name: "the name", id: "the id", reason: "the reason", say: "the words to be said", number: "the number", interval_s: "the interval (s)", within_s: "the time it is good for (s)", heartbeat_s: "the seconds between messages", dwell_s: "the seconds to stay", radius_m: "the radius", width_m: "the width", kind: "the kind", note: "the note", words: "the words", telephone: "the telephone", relation: "the relation",
      giver: "the giver's name", data: "what was consented to", text_version: "the version of the text", display_name: "the name",
    },
  },
};
