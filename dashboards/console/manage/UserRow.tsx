import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { invite } from "../../src/api/family";
import { setScope, setStation, shutOut } from "../../src/api/manage";
import type { InvitationLink, User } from "../../src/api/types";
import { isBeyond, isScoped } from "../../src/resident/scope";
import { timeText } from "../../src/time/format";
import { serverClock } from "../../src/time/useNow";
import { useStations } from "../dispatch/useStations";
import { useMe } from "../state/deskStore";
import { ask } from "./ask";
import { Fold } from "./Fold";
import { InvitationShown } from "./InvitationShown";
import { INVITATIONS, sessionsOf, STATIONS, USERS } from "./keys";
import { Outcome } from "./Outcome";
import { ScopeForm } from "./ScopeForm";
import { useAct } from "./useAct";
import { UserSessions } from "./UserSessions";
import { WorksAt } from "./WorksAt";
import { WorksForm } from "./WorksForm";

interface RowProps {
  user: User;
  opened: boolean;
  onToggle(): void;
}

export function UserRow({ user, opened, onToggle }: RowProps) {
  const { t } = useTranslation();
  const isOut = user.disabled_at != null;
  return (
    <Fold name={user.display_name} opened={opened} onToggle={onToggle} head={
      <>
        <strong>{user.display_name}</strong> <code className="muted">{user.username}</code> <span>{t(`role.${user.role}`)}</span>
        {(isScoped(user.role) || user.scope != null) && <span className="muted" data-testid="scope">{t("manage.users.scope_is", { scope: user.scope ?? t("manage.users.scope_all") })}</span>}
        <WorksAt user={user} />
        <span className="badges">
          {isOut && <span className="badge bad">{t("manage.users.out", { time: timeText(user.disabled_at ?? "", serverClock.nowMs()) })}</span>}
          {user.second_factor && <span className="badge good">{t("manage.users.second_factor")}</span>}
          {user.must_change_password && <span className="badge warn">{t("manage.users.must_change")}</span>}
        </span>
      </>
    }>
      <UserActs user={user} isOut={isOut} />
      <UserSessions username={user.username} />
    </Fold>
  );
}

function UserActs({ user, isOut }: { user: User; isOut: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const queries = useQueryClient();
  const act = useAct();
  const [link, setLink] = useState<InvitationLink | null>(null);
  const [form, setForm] = useState<"scope" | "station" | null>(null);
  const isStaff = user.role === "station";
  const stations = useStations(isStaff);
  const { username, display_name: name } = user;
  const isOwn = username === me?.username;
  const scope = user.scope ?? null;
  const isOutOfReach = isBeyond(me?.scope ?? null, scope);
  const changed = () => {
    void queries.invalidateQueries({ queryKey: USERS });
    void queries.invalidateQueries({ queryKey: sessionsOf(username) });
  };
  const letIn = () => act.run(shutOut(username, false), changed, t("manage.users.done.let_in", { name }));
  const out = () =>
    ask(t("manage.users.ask_out", { name }), t("manage.users.ask_out_what", { name }), t("manage.users.shut_out"), () =>
      act.run(shutOut(username, true), changed, t("manage.users.done.out", { name })),
    );
  const narrow = (code: string | null) =>
    act.run(setScope(username, code), () => { setForm(null); changed(); }, t("manage.users.done.scope", { name, scope: code ?? t("manage.users.scope_all") }));
  const place = (station: string | null) => {
    const done = () => {
      setForm(null);
      changed();
      void queries.invalidateQueries({ queryKey: STATIONS });
    };
    const where = stations.data?.find(({ id }) => id === station)?.name ?? station ?? t("stations.nowhere_set");
    return act.run(setStation(username, station), done, t("stations.set_done", { name, station: where }));
  };
  const renew = () =>
    act.run(invite({ username }), (made) => {
      setLink(made);
      void queries.invalidateQueries({ queryKey: INVITATIONS });
    });
  if (isOutOfReach) return <p className="muted">{t("manage.users.beyond", { scope: me?.scope })}</p>;
  return (
    <>
      <p className="row-acts">
        {!link && <button type="button" className="button" disabled={act.busy} onClick={() => void renew()}>{t("manage.users.new_password")}</button>}
        {!isOwn && form === null && (isScoped(user.role) || scope !== null) && <button type="button" className="button" onClick={() => setForm("scope")}>{t("manage.users.scope")}…</button>}
        {isStaff && form === null && <button type="button" className="button" onClick={() => setForm("station")}>{t("stations.where")}…</button>}
        {isOwn ? <span className="muted">{t("manage.users.own")}</span> : isOut ? (
          <button type="button" className="button" disabled={act.busy} onClick={() => void letIn()}>{t("manage.users.let_in")}</button>
        ) : (
          <button type="button" className="button danger" disabled={act.busy} onClick={out}>{t("manage.users.shut_out")}</button>
        )}
      </p>
      {form === "scope" && <ScopeForm user={user} busy={act.busy} onSubmit={(code) => void narrow(code)} onCancel={() => setForm(null)} />}
      {form === "station" && <WorksForm user={user} busy={act.busy} onSubmit={(station) => void place(station)} onCancel={() => setForm(null)} />}
      <Outcome news={act.news} />
      {link && <InvitationShown link={link} onDone={() => setLink(null)} />}
    </>
  );
}
