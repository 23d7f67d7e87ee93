/** Whether a new password may be used, as far as it can be said before the server is asked. Pure. */

/** The server's own figures; it has the last word. */
export const PASSWORD_CHARACTERS = 12;
export const PASSWORD_SIGNS = 5;

export type PasswordFault = "short" | "few_signs" | "has_name" | "differs";

export function passwordFault(username: string, password: string, again: string): PasswordFault | null {
  const signs = [...password];
  if (signs.length < PASSWORD_CHARACTERS) return "short";
  if (new Set(signs).size < PASSWORD_SIGNS) return "few_signs";
  if (username !== "" && password.toLowerCase().includes(username.toLowerCase())) return "has_name";
  return password === again ? null : "differs";
}
