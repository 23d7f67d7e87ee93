import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

/** It takes the focus: what stood here before is gone. */
export function RecordHead({ name, id }: { name: string; id: string }) {
  const { t } = useTranslation();
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), []);
  return <h3 id="record-title" ref={head} tabIndex={-1}>{t("manage.residents.record_of", { name })} <code className="muted">{id}</code></h3>;
}
