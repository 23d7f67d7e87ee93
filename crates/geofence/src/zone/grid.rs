//! Cells over the district: which boxes each of them meets, in two flat lists.

use crate::number;

/// About half a kilometre: a zone falls into few cells, a cell holds few zones.
const CELL_DEG: f64 = 0.005;
/// Boxes spread over more cells than this for each get larger cells: a district has five, and zones on two continents would
/// have millions with nothing in them.
const CELLS_FOR_A_BOX: f64 = 250.0;
const CELLS_AT_MOST: f64 = 1_000_000.0;
const DEGREE_M: f64 = 111_195.0;

/// The grid.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    south: f64,
    west: f64,
    cell_deg: f64,
    rows: usize,
    columns: usize,
    /// Where the list of each cell begins in `numbers`; one more at the end.
    starts: Box<[u32]>,
    numbers: Box<[u32]>,
    /// Metres to a degree of longitude where that is least.
    lon_m: f64,
}

/// South, west, north, east.
type Around = [f64; 4];

impl Grid {
    /// A grid over these boxes; none if there are none.
    pub(super) fn new(boxes: impl Iterator<Item = Around> + Clone) -> Option<Self> {
        let around =
            boxes.clone().reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])?;
        let [south, west, north, east] = around;
        let cells = (north - south) * (east - west) / (CELL_DEG * CELL_DEG);
        let at_most = (number::count(boxes.clone().count()) * CELLS_FOR_A_BOX).min(CELLS_AT_MOST);
        let cell_deg =
            (CELL_DEG * (cells / at_most).sqrt().max(1.0)).max((north - south).max(east - west) / at_most);
        let (rows, columns) = (cell(north - south, cell_deg), cell(east - west, cell_deg));
        let lon_m = DEGREE_M * north.abs().max(south.abs()).min(89.0).to_radians().cos();
        let empty = Self {
            south,
            west,
            cell_deg,
            rows: rows.saturating_add(1),
            columns: columns.saturating_add(1),
            starts: Box::default(),
            numbers: Box::default(),
            lon_m,
        };
        Some(empty.filled(boxes))
    }

    fn filled(mut self, boxes: impl Iterator<Item = Around>) -> Self {
        let mut pairs: Vec<(usize, u32)> = Vec::new();
        for (number, [south, west, north, east]) in (0_u32..).zip(boxes) {
            for row in cell(south - self.south, self.cell_deg)..=cell(north - self.south, self.cell_deg) {
                for column in cell(west - self.west, self.cell_deg)..=cell(east - self.west, self.cell_deg) {
                    pairs.push((row.saturating_mul(self.columns).saturating_add(column), number));
                }
            }
        }
        pairs.sort_unstable();
        let cells = self.rows.saturating_mul(self.columns);
        let mut before = 0_usize;
        let mut start = |place: usize| {
            let own = pairs.iter().skip(before).take_while(|(other, _)| *other < place).count();
            before = before.saturating_add(own);
            u32::try_from(before).unwrap_or(u32::MAX)
        };
        self.starts = (0..=cells).map(&mut start).collect();
        self.numbers = pairs.iter().map(|(_, number)| *number).collect();
        self
    }

    /// How many cells there are.
    pub(super) fn cells(&self) -> usize {
        self.rows.saturating_mul(self.columns)
    }

    /// The boxes that meet the cell of a place, and how far the place is from the next cell.
    pub(super) fn cell(&self, lat: f64, lon: f64) -> (&[u32], f64) {
        let (up, right) = ((lat - self.south) / self.cell_deg, (lon - self.west) / self.cell_deg);
        if up < 0.0 || right < 0.0 {
            return (&[], self.outside_m(up, right));
        }
        let (row, column) = (number::slot(up), number::slot(right));
        if row >= self.rows || column >= self.columns {
            return (&[], self.outside_m(up, right));
        }
        let place = row.saturating_mul(self.columns).saturating_add(column);
        let start = |place: usize| self.starts.get(place).and_then(|start| usize::try_from(*start).ok());
        let range = start(place).zip(start(place.saturating_add(1)));
        let numbers = range.and_then(|(from, to)| self.numbers.get(from..to)).unwrap_or(&[]);
        let (in_row, in_column) = (up.fract(), right.fract());
        let north_m = in_row.min(1.0 - in_row) * self.cell_deg * DEGREE_M;
        let east_m = in_column.min(1.0 - in_column) * self.cell_deg * self.lon_m;
        (numbers, north_m.min(east_m))
    }

    /// How far a place outside of the grid is from it.
    fn outside_m(&self, up: f64, right: f64) -> f64 {
        let beyond = |at: f64, cells: usize| (-at).max(at - number::count(cells)).max(0.0) * self.cell_deg;
        let (north, east) = (beyond(up, self.rows), beyond(right, self.columns));
        (north * DEGREE_M).max(east * self.lon_m)
    }
}

fn cell(span: f64, cell_deg: f64) -> usize {
    number::slot((span / cell_deg).max(0.0))
}
