"""Sides and distances of three fences and of the zones within reach, all fixes as one array: Shapely's fastest way."""

import statistics
import sys
import time

try:
    import shapely
except ImportError:
    sys.exit("no Shapely (make bench-geofence fetches it; or JJL_PYTHON names a Python that has it)")

REACH_M = 150.0
HOME_M = 250.0


def rows(name):
    with open(f"{sys.argv[1]}/{name}", encoding="utf-8") as lines:
        return [line.rstrip("\n").split(";") for line in lines]


def signed(points, polygons, edges):
    apart = shapely.distance(points, edges)
    return shapely.contains(polygons, points), apart


fixes = rows("fixes.csv")
who = [int(row[0]) for row in fixes]
own = rows("own.csv")
homes = shapely.from_wkt([own[number][1] for number in who])
rings = [shapely.from_wkt([own[number][place] for number in who]) for place in (2, 3)]
edges = [shapely.get_exterior_ring(ring) for ring in rings]
zones = shapely.from_wkt([row[1] for row in rows("zones.csv")])
for shapes in [zones, *rings]:
    shapely.prepare(shapes)
zone_edges = shapely.get_exterior_ring(zones)
tree = shapely.STRtree(zones)
places = [(float(row[1]), float(row[2])) for row in fixes]


def look():
    begun = time.process_time()
    points = shapely.points(places)
    shapely.distance(points, homes) - HOME_M
    for ring, edge in zip(rings, edges):
        signed(points, ring, edge)
    near, zone = tree.query(points, predicate="dwithin", distance=REACH_M)
    signed(points[near], zones[zone], zone_edges[zone])
    return time.process_time() - begun


look()
print(statistics.median(look() for _ in range(5)))
