/** People outside the screens: who is on call, by which ways they are reached, and what became of what they were told. */
import { answered, type Answered } from "./account";
import { api, patiently } from "./client";
import { read } from "./read";
import type { ChannelState, ChannelTest, Notice, Roster, RosterEntry, RosterItem } from "./types";

/** The other side may take its time, and the server waits for it so long. */
const TEST_TIMEOUT_MS = 20_000;

export const readRoster = (): Promise<Roster> => read(api.GET("/api/roster"));

export const putOnRoster = (body: RosterEntry): Promise<Answered<RosterItem>> => answered(api.POST("/api/roster", { body }));

export const takeOffRoster = (id: string): Promise<Answered> => answered<undefined>(api.DELETE("/api/roster/{id}", { params: { path: { id } } }));

export const readChannels = async (): Promise<ChannelState[]> => (await read(api.GET("/api/channels"))).items;

export const testChannel = (channel: string, to: string): Promise<Answered<ChannelTest>> =>
  answered(api.POST("/api/channels/{channel}/test", {
    params: { path: { channel } }, body: { to }, ...patiently(TEST_TIMEOUT_MS),
  }));

/** Each time it is asked goes on record. */
export const readNotices = async (incident: string): Promise<Notice[]> =>
  (await read(api.GET("/api/incidents/{id}/notices", { params: { path: { id: incident } } }))).items;
