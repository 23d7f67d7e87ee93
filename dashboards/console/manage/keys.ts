/** Under which names the answers of the server are kept, so that whoever changed something can have them asked anew. */
export const INVITATIONS = ["invitations"];
export const LOOKS = ["looks"];
export const USERS = ["users"];
export const HANDSETS = ["handsets"];
export const DRILLS = ["drills"];
export const TECHNICAL = ["technical"];
export const LADDER = ["ladder"];
export const ROSTER = ["roster"];
export const CHANNELS = ["channels"];
export const REPORTS = ["reports"];
export const STATIONS = ["stations"];
export const relativesOf = (resident: string): string[] => ["relatives", resident];
export const consentsOf = (resident: string): string[] => ["consents", resident];
export const sessionsOf = (username: string): string[] => ["sessions", "of", username];
export const absencesOf = (resident: string): string[] => ["absences", resident];
export const askedOf = (incident: string): string[] => ["asked", incident];
export const bindingsOf = (handset: string): string[] => ["bindings", handset];
export const phonesOf = (handset: string): string[] => ["phones", handset];
