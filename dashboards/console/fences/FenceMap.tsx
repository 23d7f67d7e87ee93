/** The map fences are drawn on: those there are, the one that is being drawn, and the home. A click says where. */
import { type GeoJSONSource, Map as Maplibre, NavigationControl, ScaleControl, setWorkerUrl, type StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import "maplibre-gl/dist/maplibre-gl.css";
import type { FeatureCollection } from "geojson";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Habits } from "../../src/api/types";
import { habitFeatures } from "../../src/fence/habits";
import { type Drawing, type Drawn, fenceFeatures, positionsOf } from "../../src/fence/shapes";
import { boundsAround, type LonLat } from "../../src/geo/metres";
import { gridFeatures, homeFeatures, type Spot } from "../../src/map/features";
import { schematic } from "../../src/map/style";

setWorkerUrl(workerUrl);

const empty = { type: "geojson" as const, data: { type: "FeatureCollection" as const, features: [] } };
const SAFE = "#1f6b3b";
const FORBIDDEN = "#a3001d";
const UNARMED = "#5c6166";
const color: ["case", ...unknown[]] = ["case", ["!", ["get", "armed"]], UNARMED, ["==", ["get", "kind"], "safe"], SAFE, FORBIDDEN];

/** Under the home and its name; what was learned lies below the fences, and what is being drawn above all. */
const style = {
  ...schematic,
  sources: { ...schematic.sources, habits: empty, fences: empty, drawing: empty },
  layers: [
    ...schematic.layers,
    { id: "habit-fill", type: "fill", source: "habits", paint: { "fill-color": "#6a3fa0", "fill-opacity": ["interpolate", ["linear"], ["get", "share"], 0, 0.12, 1, 0.6] } },
    { id: "fence-fill", type: "fill", source: "fences", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": color, "fill-opacity": ["case", ["get", "opened"], 0.22, 0.1] } },
    { id: "fence-line", type: "line", source: "fences", filter: ["==", ["geometry-type"], "Polygon"], paint: { "line-color": color, "line-width": ["case", ["get", "opened"], 3, 1.5] } },
    { id: "fence-label", type: "symbol", source: "fences", filter: ["has", "label"], layout: { "text-field": ["get", "label"], "text-font": ["Noto Sans CJK SC", "sans-serif"], "text-size": 13, "text-offset": [0, -0.8] }, paint: { "text-color": "#14222e", "text-halo-color": "#ffffff", "text-halo-width": 1.5 } },
    { id: "drawing-fill", type: "fill", source: "drawing", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": "#0b5394", "fill-opacity": 0.2 } },
    { id: "drawing-line", type: "line", source: "drawing", filter: ["!=", ["geometry-type"], "Point"], layout: { "line-join": "round" }, paint: { "line-color": "#0b5394", "line-width": 2.5, "line-dasharray": [3, 2] } },
    { id: "drawing-corner", type: "circle", source: "drawing", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 5, "circle-color": "#ffffff", "circle-stroke-color": "#0b5394", "circle-stroke-width": 2.5 } },
  ],
} as unknown as StyleSpecification;

interface MapProps {
  drawn: readonly Drawn[];
  opened: string | null;
  drawing: Drawing | null;
  home: Spot | null;
  /** What was learned of somebody's ways, while it is shown. */
  habits?: Habits | null;
  /** Where the district lies, while there is nothing to look at. */
  around: LonLat;
  words: string;
  onClick?: ((at: LonLat) => void) | undefined;
}

function drawingFeatures(drawing: MapProps["drawing"]): FeatureCollection {
  if (!drawing) return { type: "FeatureCollection", features: [] };
  const shape = drawing.shape ? fenceFeatures([{ id: "", name: "", kind: "safe", armed: true, shape: drawing.shape }], null).features.filter(({ geometry }) => geometry.type === "Polygon") : [];
  const corners = drawing.corners.map((at) => ({ type: "Feature" as const, properties: {}, geometry: { type: "Point" as const, coordinates: at } }));
  const ways = (drawing.ways ?? []).filter((way) => way.length >= 2).map((way) => ({ type: "Feature" as const, properties: {}, geometry: { type: "LineString" as const, coordinates: way } }));
  return { type: "FeatureCollection", features: [...shape, ...ways, ...corners] };
}

function viewOf({ drawn, home, around }: Pick<MapProps, "drawn" | "home" | "around">) {
  const spots: LonLat[] = [...drawn.flatMap(({ shape }) => positionsOf(shape)), ...(home ? [[home.lon, home.lat] as LonLat] : [])];
  const isAnywhere = spots.length > 0;
  return boundsAround((isAnywhere ? spots : [around]).map((at) => ({ at, radius_m: isAnywhere ? 0 : 2_000 })), isAnywhere ? 150 : 2_000);
}

export default function FenceMap({ drawn, opened, drawing, home, habits = null, around, words, onClick }: MapProps) {
  const { t } = useTranslation();
  const holder = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<Maplibre | null>(null);
  const [broken, setBroken] = useState(false);
  const first = useRef(viewOf({ drawn, home, around }));
  const clicked = useRef(onClick);
  const locale = useMemo(() => ({ "NavigationControl.ZoomIn": t("map.zoom_in"), "NavigationControl.ZoomOut": t("map.zoom_out"), "Map.Title": t("fences.map") }), [t]);
  useEffect(() => {
    clicked.current = onClick;
  }, [onClick]);
  useEffect(() => {
    if (!holder.current || !first.current) return undefined;
    let made: Maplibre;
    try {
      made = new Maplibre({
        container: holder.current, style, bounds: first.current, attributionControl: false, dragRotate: false, pitchWithRotate: false, doubleClickZoom: false,
        localIdeographFontFamily: "'Noto Sans CJK SC', 'Noto Sans SC', 'Microsoft YaHei', sans-serif", scrollZoom: false, fadeDuration: 0, locale,
      });
    } catch {
      setBroken(true);
      return undefined;
    }
    const grid = () => {
      const bounds = made.getBounds();
      made.getSource<GeoJSONSource>("grid")?.setData(gridFeatures([[bounds.getWest(), bounds.getSouth()], [bounds.getEast(), bounds.getNorth()]]));
    };
    made.addControl(new NavigationControl({ showCompass: false }), "top-right");
    made.addControl(new ScaleControl({ unit: "metric", maxWidth: 120 }), "bottom-left");
    made.on("load", () => { grid(); setMap(made); });
    made.on("moveend", grid);
    made.on("resize", grid);
    made.on("click", ({ lngLat }) => clicked.current?.([lngLat.lng, lngLat.lat]));
    return () => { setMap(null); made.remove(); };
  }, [locale]);
  useEffect(() => {
    map?.getSource<GeoJSONSource>("fences")?.setData(fenceFeatures(drawn, opened));
    map?.getSource<GeoJSONSource>("home")?.setData(homeFeatures(home, t("map.home")));
  }, [map, drawn, opened, home, t]);
  useEffect(() => {
    map?.getSource<GeoJSONSource>("habits")?.setData(habitFeatures(habits));
  }, [map, habits]);
  const shown = useRef<string | null>(null);
  useEffect(() => {
    const one = drawn.find(({ id }) => id === opened);
    if (!map || (opened !== null && !one) || shown.current === opened) return;
    // Once, when it is opened; from then on the map is the reader's.
    shown.current = opened;
    const view = one ? viewOf({ drawn: [one], home: null, around }) : null;
    if (view) map.fitBounds(view, { animate: false });
  }, [map, drawn, opened, around]);
  useEffect(() => {
    map?.getSource<GeoJSONSource>("drawing")?.setData(drawingFeatures(drawing));
  }, [map, drawing]);
  useEffect(() => {
    if (map) map.getCanvas().style.cursor = onClick ? "crosshair" : "";
  }, [map, onClick]);
  const showAll = () => {
    const view = viewOf({ drawn, home, around });
    if (map && view) map.fitBounds(view, { animate: false });
  };
  if (broken) return <p className="map map-wait" role="status">{t("fences.no_map")}</p>;
  return (
    <figure className="map-frame">
      <div ref={holder} className="map fence-map" role="group" aria-label={t("map.words", { words })} data-ready={map !== null} data-drawing={onClick !== undefined} data-habits={habits?.places.length ?? 0} />
      <figcaption className="map-foot">
        <strong>{t("map.schematic_note")}</strong>
        <button type="button" className="button small" onClick={showAll}>{t("fences.show_all")}</button>
      </figcaption>
    </figure>
  );
}
