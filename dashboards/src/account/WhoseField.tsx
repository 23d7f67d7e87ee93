/** Tells a password manager whose password is asked for; people see it elsewhere on the page. */
export function WhoseField({ username }: { username: string }) {
  return <input type="text" name="whose" autoComplete="username" value={username} readOnly hidden />;
}
