/** The map. It is fitted once and then moves by the reader's own hand; where it follows, also when the person has left the view. */
import {
  type GeoJSONSource, type LngLatBoundsLike, Map as Maplibre, NavigationControl, ScaleControl, setWorkerUrl,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import "maplibre-gl/dist/maplibre-gl.css";
import type { FeatureCollection } from "geojson";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { boundsAround, type LonLat } from "../geo/metres";
import type { TrackDrawing } from "../incident/track";
import { gridFeatures, homeFeatures, personFeatures, type ResponderMark, responderFeatures, ringFeatures, type Spot, trackFeatures, uncertaintyFeatures } from "./features";
import { schematic } from "./style";

// The worker is a file of our own: a strict Content-Security-Policy allows no blob: workers.
setWorkerUrl(workerUrl);

interface MapViewProps {
  person: (Spot & { accuracy_m: number }) | null;
  isStale: boolean;
  home: Spot | null;
  track: TrackDrawing | null;
  /** Those who are on their way to the person. */
  responders?: readonly ResponderMark[];
  words: string;
  follows?: boolean;
}

const put = (map: Maplibre, source: string, data: FeatureCollection): void => {
  map.getSource<GeoJSONSource>(source)?.setData(data);
};

const NOBODY: readonly ResponderMark[] = [];

function viewOf({ person, home, track, responders = NOBODY }: Pick<MapViewProps, "person" | "home" | "track" | "responders">): LngLatBoundsLike | null {
  const way = (track?.pieces ?? []).flatMap(({ line }) => line.map((at) => ({ at, radius_m: 0 })));
  const spots = [...(person ? [{ spot: person, radius_m: person.accuracy_m }] : []), ...(home ? [{ spot: home, radius_m: 0 }] : []), ...responders.map((spot) => ({ spot, radius_m: spot.accuracy_m }))];
  return boundsAround([...way, ...spots.map(({ spot, radius_m }) => ({ at: [spot.lon, spot.lat] as LonLat, radius_m }))]);
}

function drawGrid(map: Maplibre): void {
  const bounds = map.getBounds();
  put(map, "grid", gridFeatures([[bounds.getWest(), bounds.getSouth()], [bounds.getEast(), bounds.getNorth()]]));
}

export default function MapView({ person, isStale, home, track, responders = NOBODY, words, follows = false }: MapViewProps) {
  const { t, i18n } = useTranslation();
  const holder = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<Maplibre | null>(null);
  const [broken, setBroken] = useState(false);
  const first = useRef(viewOf({ person, home, track, responders }));
  const shown = useRef(responders.length);
  const locale = useMemo(() => ({
    "NavigationControl.ZoomIn": t("map.zoom_in"), "NavigationControl.ZoomOut": t("map.zoom_out"), "Map.Title": t("map.title"),
  }), [t]);

  useEffect(() => {
    if (!holder.current || !first.current) return undefined;
    let made: Maplibre;
    try {
      made = new Maplibre({
        container: holder.current, style: schematic, bounds: first.current, attributionControl: false, dragRotate: false, pitchWithRotate: false,
        localIdeographFontFamily: "'Noto Sans CJK SC', 'Noto Sans SC', 'Microsoft YaHei', sans-serif", scrollZoom: false, fadeDuration: 0, locale,
      });
    } catch {
      // A machine without WebGL: the words beside the map say the same.
      setBroken(true);
      return undefined;
    }
    made.addControl(new NavigationControl({ showCompass: false }), "top-right");
    made.addControl(new ScaleControl({ unit: "metric", maxWidth: 120 }), "bottom-left");
    made.on("load", () => { drawGrid(made); setMap(made); });
    made.on("moveend", () => drawGrid(made));
    made.on("resize", () => drawGrid(made));
    return () => { setMap(null); made.remove(); };
  }, [locale]);

  useEffect(() => {
    if (!map) return;
    put(map, "rings", ringFeatures(home, (n) => t("distance.metres", { n })));
    put(map, "home", homeFeatures(home, t("map.home")));
    put(map, "uncertainty", uncertaintyFeatures(person, isStale));
    put(map, "person", personFeatures(person, isStale, t("map.person")));
    const view = follows && person && !map.getBounds().contains([person.lon, person.lat]) ? viewOf({ person, home, track: null }) : null;
    if (view) map.fitBounds(view, { animate: false });
  }, [map, person, isStale, home, follows, t, i18n.language]);

  useEffect(() => {
    if (!map) return;
    put(map, "track", trackFeatures(track));
    // The operator asked for it, so the whole of it is shown; from then on the map is the operator's again.
    const view = track && track.pieces.length > 0 ? viewOf({ person: null, home: null, track }) : null;
    if (view) map.fitBounds(view, { animate: false });
  }, [map, track]);

  useEffect(() => {
    if (!map) return;
    put(map, "responders", responderFeatures(responders, person));
    // Somebody new on the way is shown once, if that is outside of what is looked at.
    const isNew = responders.length > shown.current && responders.some(({ lon, lat }) => !map.getBounds().contains([lon, lat]));
    shown.current = responders.length;
    const view = isNew ? viewOf({ person, home, track: null, responders }) : null;
    if (view) map.fitBounds(view, { animate: false });
  }, [map, responders, person, home]);

  const recentre = (among = NOBODY) => {
    const view = viewOf({ person, home, track: null, responders: among });
    if (map && view) map.fitBounds(view, { animate: false });
  };
  if (broken) return <p className="map map-wait" role="status">{t("map.failed")}</p>;
  return (
    <figure className="map-frame">
      <div ref={holder} className="map" role="group" aria-label={t("map.words", { words })} data-ready={map !== null} />
      <figcaption className="map-foot">
        <strong>{t("map.schematic_note")}</strong>
        {responders.length > 0 && <button type="button" className="button small" onClick={() => recentre(responders)}>{t("map.with_responders")}</button>}
        <button type="button" className="button small" onClick={() => recentre()}>{t("map.recentre")}</button>
      </figcaption>
    </figure>
  );
}
