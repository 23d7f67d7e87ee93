/** What happened to the incident. Asked for anew whenever its version moves; whoever shows it asks once. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../../src/api/client";
import type { Incident } from "../../src/api/types";

export const useEvents = (incident: Incident) =>
  useQuery({
    queryKey: ["events", incident.id, incident.version],
    enabled: !incident.unsaved,
    placeholderData: (before) => before,
    queryFn: async () => {
      const { data } = await api.GET("/api/incidents/{id}/events", { params: { path: { id: incident.id } } });
      if (!data) throw new Error("the events could not be read");
      return data.items;
    },
  });
