/**
 * The built-in schematic: no tiles, no glyph server, nothing from outside. A graticule, rings of real metres round the
 * home, the person with the circle of uncertainty. It is marked as a schematic so that nobody is guided by it.
 */
import type { LayerSpecification, StyleSpecification } from "maplibre-gl";

const FONT = ["Noto Sans CJK SC", "sans-serif"];
const empty = { type: "geojson" as const, data: { type: "FeatureCollection" as const, features: [] } };

/** Labels that stay away where there is no room for them. */
const GIVES_WAY = new Set(["grid-label", "track-label"]);

const label = (id: string, source: string, color: string, size: number, offset: [number, number]): LayerSpecification => ({
  id,
  type: "symbol",
  source,
  filter: ["has", "label"],
  layout: { "text-field": ["get", "label"], "text-font": FONT, "text-size": size, "text-offset": offset, "text-anchor": ["coalesce", ["get", "anchor"], "center"], "text-allow-overlap": !GIVES_WAY.has(id) },
  paint: { "text-color": color, "text-halo-color": "#ffffff", "text-halo-width": 1.5 },
});

const isStale: ["==", ["get", string], boolean] = ["==", ["get", "stale"], true];
const PERSON = "#b00020";
const STALE = "#5c6166";
const RESPONDER = "#0f5c33";

export const schematic: StyleSpecification = {
  version: 8,
  sources: { grid: empty, rings: empty, track: empty, home: empty, uncertainty: empty, person: empty, responders: empty },
  layers: [
    { id: "ground", type: "background", paint: { "background-color": "#eef2f0" } },
    { id: "grid-line", type: "line", source: "grid", paint: { "line-color": "#c3cdc8", "line-width": 1 } },
    { id: "ring-line", type: "line", source: "rings", paint: { "line-color": "#7d95a8", "line-width": 1, "line-dasharray": [4, 3] } },
    {
      id: "track-line", type: "line", source: "track", filter: ["has", "age_h"], layout: { "line-cap": "round", "line-join": "round" },
      // The same colours as the bar of the key in incident.css.
      paint: { "line-width": 3.5, "line-color": ["interpolate", ["linear"], ["get", "age_h"], 0, "#1f2a8c", 3, "#5a4fb0", 12, "#9c92cf", 24, "#c3bfdd"] },
    },
    {
      id: "track-moment", type: "circle", source: "track", filter: ["has", "label"],
      paint: { "circle-radius": 3.5, "circle-color": "#ffffff", "circle-stroke-color": "#1f2a8c", "circle-stroke-width": 2 },
    },
    {
      id: "uncertainty-fill", type: "fill", source: "uncertainty", filter: ["!", isStale],
      paint: { "fill-color": PERSON, "fill-opacity": 0.12 },
    },
    {
      id: "uncertainty-line", type: "line", source: "uncertainty",
      paint: { "line-color": ["case", isStale, STALE, PERSON], "line-width": 1.5 },
    },
    {
      id: "home-mark", type: "circle", source: "home",
      paint: { "circle-radius": 6, "circle-color": "#ffffff", "circle-stroke-color": "#0b5394", "circle-stroke-width": 3 },
    },
    {
      id: "person-mark", type: "circle", source: "person",
      paint: {
        "circle-radius": 8,
        "circle-color": ["case", isStale, "#eef2f0", PERSON],
        "circle-opacity": ["case", isStale, 0.2, 1],
        "circle-stroke-color": ["case", isStale, STALE, "#ffffff"],
        "circle-stroke-width": 3,
      },
    },
    {
      id: "responder-line", type: "line", source: "responders",
      paint: { "line-color": RESPONDER, "line-width": 2, "line-dasharray": [2, 2] },
    },
    {
      // A lozenge, so that nobody takes it for the person, whatever colours they see.
      id: "responder-mark", type: "symbol", source: "responders", filter: ["has", "label"],
      layout: { "text-field": "◆", "text-font": FONT, "text-size": 30, "text-allow-overlap": true },
      paint: { "text-color": ["case", isStale, STALE, RESPONDER], "text-halo-color": "#ffffff", "text-halo-width": 2 },
    },
    label("grid-label", "grid", "#5b6975", 11, [0.3, 0.3]),
    label("ring-label", "rings", "#3f5a70", 11, [0.3, 0]),
    label("track-label", "track", "#1f2a8c", 12, [0, -1.1]),
    label("home-label", "home", "#0b5394", 13, [0, 1.3]),
    label("responder-label", "responders", RESPONDER, 14, [0, 1.5]),
    label("person-label", "person", "#14222e", 14, [0, -1.5]),
  ],
};
