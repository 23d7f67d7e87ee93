/**
 * Every type that crosses the wire, by the project's own word.
 *
 * All of them are read out of `schema.ts`, which is generated from the server's OpenAPI document (`npm run generate`);
 * no shape of the API is written by hand. Where an operation exists the type is taken from the operation, so that
 * renaming a schema in the server changes nothing here.
 */
import type { components, paths } from "./schema";

type Schemas = components["schemas"];
type Json<Response> = Response extends { content: { "application/json": infer Body } } ? Body : never;
type Answer<Path extends keyof paths, Method extends keyof paths[Path], Status extends number> =
  paths[Path][Method] extends { responses: infer Responses }
    ? Status extends keyof Responses
      ? Json<Responses[Status]>
      : never
    : never;

export type Session = Answer<"/api/me", "get", 200>;
export type Incident = Answer<"/api/incidents/{id}", "get", 200>;
export type IncidentEvent = Answer<"/api/incidents/{id}/events", "get", 200>["items"][number];
export type Codes = Answer<"/api/codes", "get", 200>;
export type Code = Codes["causes"][number];
export type ResidentListItem = Answer<"/api/residents", "get", 200>["items"][number];
export type ResidentCard = Answer<"/api/residents/{id}", "get", 200>;
export type Audited = Answer<"/api/audit", "get", 200>["items"][number];
export type OwnSession = Answer<"/api/sessions", "get", 200>["items"][number];
export type SecondFactor = Answer<"/api/me/totp", "post", 200>;
export type Invited = Answer<"/api/join/{code}", "get", 200>;
export type Quarantined = Answer<"/api/quarantine", "get", 200>["items"][number];
export type Consent = Answer<"/api/residents/{id}/consents", "get", 200>["items"][number];
export type Relatives = Answer<"/api/residents/{id}/relatives", "get", 200>;
export type Invitation = Answer<"/api/invitations", "get", 200>["items"][number];
export type InvitationLink = Answer<"/api/invitations", "post", 201>;
export type Look = Answer<"/api/looks", "get", 200>["items"][number];
export type User = Answer<"/api/users", "get", 200>["items"][number];
export type Handset = Answer<"/api/handsets", "get", 200>["items"][number];
export type HandsetClaim = Answer<"/api/handsets/{id}/claim", "post", 201>;
export type Task = Answer<"/api/tasks", "get", 200>["items"][number];
export type LinkedTask = Answer<"/api/task/{token}", "get", 200>;
export type Candidates = Answer<"/api/incidents/{id}/candidates", "get", 200>;
export type Candidate = Candidates["items"][number];
export type Station = Answer<"/api/stations", "get", 200>["items"][number];
export type DrillsDue = Answer<"/api/drills/due", "get", 200>;
export type DrillDue = DrillsDue["items"][number];
export type DrillWindow = Answer<"/api/handsets/{id}/drill", "post", 201>;
export type TechnicalList = Answer<"/api/technical", "get", 200>;
export type TechnicalItem = TechnicalList["items"][number];
export type Ladder = Answer<"/api/ladder", "get", 200>;
export type LadderProblem = Ladder["refused"][number];
export type Roster = Answer<"/api/roster", "get", 200>;
export type RosterItem = Roster["items"][number];
export type ChannelState = Answer<"/api/channels", "get", 200>["items"][number];
export type ChannelTest = Answer<"/api/channels/{channel}/test", "post", 200>;
export type Notice = Answer<"/api/incidents/{id}/notices", "get", 200>["items"][number];
export type LateReview = Answer<"/api/reports/late/{id}", "post", 200>;
export type Erased = Answer<"/api/residents/{id}/erase", "post", 200>;
export type Absence = Answer<"/api/residents/{id}/absences", "get", 200>["items"][number];
export type AskedList = Answer<"/api/incidents/{id}/commands", "get", 200>;
export type Asked = AskedList["items"][number];
export type QuarterReport = Schemas["QuarterReport"];
export type NoticeReport = Schemas["NoticeReport"];
export type HandsetReport = Schemas["HandsetReport"];
export type RankedStation = QuarterReport["stations"][number];
export type Carried = Answer<"/api/residents/{id}/handsets", "get", 200>["items"][number];
export type Binding = Answer<"/api/handsets/{id}/bindings", "get", 200>["items"][number];
export type Phone = Answer<"/api/handsets/{id}/phones", "get", 200>["items"][number];
export type Provisioned = Answer<"/api/provision", "post", 200>;

export type Fence = Answer<"/api/residents/{id}/fences", "get", 200>["items"][number];
export type Zone = Answer<"/api/zones", "get", 200>["items"][number];
export type Policy = Answer<"/api/residents/{id}/policy", "get", 200>;
/** A report of a fall, raised or not. */
export type FallReport = Answer<"/api/residents/{id}/falls", "get", 200>["items"][number];
export type Habits = Answer<"/api/residents/{id}/habits", "get", 200>;
export type HabitPlace = Habits["places"][number];

/** A resident as far as a list or an incident names one. */
export type Named = Pick<ResidentListItem, "id" | "name">;
export type Relative = Relatives["relatives"][number];
export type Withholding = NonNullable<Relatives["withheld"]>[number];
export type Signal = Incident["signals"][number];
export type Remark = Signal["remarks"][number];
/** A task as it stands in its incident. */
export type IncidentTask = Incident["tasks"][number];
export type PlanItem = Incident["plan"][number];
export type PlanStep = PlanItem["step"];
export type PlanOutcome = NonNullable<PlanItem["outcome"]>;
/** What those at the door, or with the person, need to say quickly. */
export type OnScene = NonNullable<IncidentTask["said"]>;
export type Severity = Incident["severity"];
export type IncidentState = Incident["state"];
export type Holder = NonNullable<Incident["holder"]>;
export type Position = NonNullable<Incident["position"]>;
export type NoteContact = NonNullable<IncidentEvent["contact"]>;

export type TaskState = Task["state"];
export type TaskAct = Schemas["ActName"];
export type TaskWord = Schemas["TaskWord"];

export type RosterEntry = Schemas["NewEntry"];
export type ResponseReport = Schemas["ResponseReport"];
export type ReportGroup = ResponseReport["groups"][number];
export type LateAnswer = ResponseReport["late"][number];

export type NewConsent = Schemas["NewConsent"];
export type NewWithholding = Schemas["NewWithholding"];
export type NewInvitation = Schemas["NewInvitation"];
export type NewReview = Schemas["NewReview"];
export type NewAbsence = Schemas["NewAbsence"];
export type NewCommand = Schemas["NewCommand"];
export type HandsetUpdate = Schemas["HandsetUpdate"];
export type NewPhone = Schemas["NewPhone"];
export type ResidentRecord = Schemas["ResidentRecord"];
export type StationRecord = Schemas["StationRecord"];
export type StationHours = Schemas["StationHours"];
export type Skill = Schemas["Skill"];
export type FenceRecord = Schemas["FenceRecord"];
export type ZoneRecord = Schemas["ZoneRecord"];
export type PolicyChange = Schemas["PolicyChange"];
export type Service = Schemas["Service"];
export type ContactRecord = Schemas["ContactRecord"];

export type Track = Schemas["TrackView"];
export type Problem = Schemas["ProblemView"];
export type Health = Schemas["HealthView"];
export type LivePosition = Schemas["LivePosition"];
/** Somebody of a station who is under way and lets the desk see where they are. */
export type Responder = Schemas["ResponderView"];
export type OwnPosition = Schemas["OwnPosition"];
export type PositionSharing = Schemas["SharingView"];

/** OpenAPI has no words for a websocket: the frames are composed here of the shapes it does know. */
export type LiveFrame =
  | (Omit<Schemas["Snapshot"], "type"> & { type: "snapshot" })
  | { type: "incident"; cursor: string; incident: Incident }
  | { type: "position"; cursor: string; position: LivePosition }
  | { type: "health"; cursor: string; health: Health };

/** What the desk is told besides. */
export type ResponderFrame = { type: "responder"; cursor: string; responder: Responder };

/** What a station is told besides. */
export type TaskFrame = { type: "task"; cursor: string; task: Task };
