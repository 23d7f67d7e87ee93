/** What somebody may look after beside the desk, behind one button: a plain disclosure, so Tab goes on into it. */
import { type FocusEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Dialog, showDialog, useMe } from "../state/deskStore";
import { mayKeepConsents, mayManage, mayReadAudit, mayReadQuarantine, mayReviewLooks } from "./rights";
import { useWaitingLooks } from "./useWaitingLooks";

export function ManageMenu() {
  const { t } = useTranslation();
  const me = useMe();
  const waiting = useWaitingLooks();
  const [isOpen, setOpen] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    const closeUnlessInside = (event: PointerEvent) => {
      if (event.target instanceof Node && !frame.current?.contains(event.target)) setOpen(false);
    };
    window.addEventListener("pointerdown", closeUnlessInside);
    return () => window.removeEventListener("pointerdown", closeUnlessInside);
  }, [isOpen]);
  if (!mayKeepConsents(me?.role)) return null;

  const open = (dialog: Dialog) => {
    setOpen(false);
    // The dialog gives the focus back to where it was taken from, and the entry is gone by then.
    button.current?.focus();
    showDialog(dialog);
  };
  const close = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !isOpen) return;
    event.stopPropagation();
    setOpen(false);
    button.current?.focus();
  };
  const leave = (event: FocusEvent) => {
    if (event.relatedTarget && !frame.current?.contains(event.relatedTarget)) setOpen(false);
  };
  const entry = (words: string, dialog: Dialog, count: string | null = null) => (
    <li><button type="button" className="manage-entry" aria-haspopup="dialog" onClick={() => open(dialog)}>{words} {count && <Count n={count} />}</button></li>
  );
  return (
    <div className="manage-menu" ref={frame} onKeyDown={close} onBlur={leave}>
      <button ref={button} type="button" className="button on-dark" aria-expanded={isOpen} aria-controls="manage-entries" onClick={() => setOpen(!isOpen)}>
        {t("manage.menu.button")} {waiting && <Count n={waiting} />} <span aria-hidden="true">▾</span>
      </button>
      <ul id="manage-entries" hidden={!isOpen}>
        {entry(t("manage.menu.consents"), { kind: "consents", resident: null })}
        {mayReviewLooks(me?.role) && entry(t("manage.menu.looks"), "looks", waiting)}
        {mayManage(me?.role) && entry(t("manage.menu.residents"), "residents")}
        {mayManage(me?.role) && entry(t("manage.menu.handsets"), { kind: "handsets", q: "" })}
        {mayManage(me?.role) && entry(t("stations.menu"), "stations")}
        {mayManage(me?.role) && entry(t("manage.menu.users"), "users")}
        {mayReadQuarantine(me?.role) && entry(t("header.quarantine"), "quarantine")}
        {mayReadAudit(me?.role) && entry(t("header.audit"), "audit")}
      </ul>
    </div>
  );
}

function Count({ n }: { n: string }) {
  const { t } = useTranslation();
  return (
    <span className="count" title={t("manage.menu.waiting", { n })}>
      <span aria-hidden="true">{n}</span><span className="hidden">{t("manage.menu.waiting", { n })}</span>
    </span>
  );
}
