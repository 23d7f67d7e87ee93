/** The ways to people outside: whether an escalation may count on each, how its last test went, and another one. */
import { useTranslation } from "react-i18next";
import { ListState } from "../manage/ListState";
import { ManageDialog } from "../manage/ManageDialog";
import { ChannelRow } from "./ChannelRow";
import { ReachPanel } from "./ReachPanel";
import { useChannels, useRoster } from "./useReach";

export default function ChannelsDialog() {
  const { t } = useTranslation();
  const [channels, roster] = [useChannels(), useRoster()];
  const served = (channel: string) => [...new Set(roster.data?.items.filter((item) => item.channel === channel).map(({ name }) => name))];
  return (
    <ManageDialog title={t("channels.title")}>
      <ReachPanel on="channels" />
      <p className="muted">{t("channels.explain")}</p>
      <ListState of={channels} />
      <ul data-testid="channels">
        {(channels.data ?? []).map((channel) => <ChannelRow key={channel.channel} channel={channel} serves={roster.data ? served(channel.channel) : null} />)}
      </ul>
    </ManageDialog>
  );
}
