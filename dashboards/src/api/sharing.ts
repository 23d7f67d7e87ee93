/** The own consent that the desk sees where one is while one is under way, and where that is. */
import { answered, type Answered } from "./account";
import { api } from "./client";
import { read } from "./read";
import type { OwnPosition, PositionSharing } from "./types";

export const readSharing = (): Promise<PositionSharing> => read(api.GET("/api/me/position"));

/** False: the server forgets at once what it knows. */
export const putSharing = (agreed: boolean): Promise<Answered<PositionSharing>> => answered(api.PUT("/api/me/position", { body: { agreed } }));

export const sendPosition = (task: string, body: OwnPosition): Promise<Answered> =>
  answered<undefined>(api.POST("/api/tasks/{id}/position", { params: { path: { id: task } }, body }));
