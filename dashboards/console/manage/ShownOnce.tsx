/** A link or code that the server tells this once: as a picture for a telephone, and as text to be copied. */
import { QRCode } from "antd";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { timeText } from "../../src/time/format";
import { serverClock } from "../../src/time/useNow";

/** Large enough for a telephone held at arm's length before a screen. */
const PICTURE_PX = 200;
/** The same of a long text, whose dots would be too small. */
const LONG_PX = 260;
const LONG_SIGNS = 200;

interface ShownOnceProps {
  title: string;
  picture: string;
  text: string;
  label: string;
  /** Absent: it holds until it is replaced. */
  until?: string;
  children?: ReactNode;
  onDone(): void;
}

export function ShownOnce({ title, picture, text, label, until, children, onDone }: ShownOnceProps) {
  const { t } = useTranslation();
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), []);
  return (
    <section className="shown-once" aria-label={title} data-testid="shown-once">
      <div className="factor-picture" role="img" aria-label={t("manage.once.picture")}>
        <div aria-hidden="true">
          <QRCode value={picture} size={picture.length > LONG_SIGNS ? LONG_PX : PICTURE_PX} type="svg" color="#000000" bgColor="#ffffff" bordered={false} />
        </div>
      </div>
      <div className="factor-words">
        <h4 ref={head} tabIndex={-1}>{title}</h4>
        {children}
        <CopyField name="secret-text" label={label} text={text} />
        {until !== undefined && <p>{t("manage.once.until", { time: timeText(until, serverClock.nowMs()) })}</p>}
        <p className="notice warn">{t("manage.once.warning")}</p>
        <button type="button" className="button form-end" onClick={onDone}>{t("manage.once.done")}</button>
      </div>
    </section>
  );
}

export function CopyField({ name, label, text }: { name: string; label: string; text: string }) {
  const { t } = useTranslation();
  const shown = useRef<HTMLElement>(null);
  const [words, setWords] = useState("");
  const copy = async () => {
    if (shown.current) window.getSelection()?.selectAllChildren(shown.current);
    setWords(t((await copied(text)) ? "manage.once.copied" : "manage.once.not_copied"));
  };
  return (
    <>
      <p className="copied"><strong>{label}</strong> <code ref={shown} className="secret" data-testid={name}>{text}</code></p>
      <p className="copy-line">
        <button type="button" className="button primary" onClick={() => void copy()}>{t("manage.once.copy")}</button> <span role="status">{words}</span>
      </p>
    </>
  );
}

/** The clipboard exists only in secure contexts; over plain HTTP the browser copies what is selected. */
async function copied(text: string): Promise<boolean> {
  try {
    if (!navigator.clipboard) return document.execCommand("copy");
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
