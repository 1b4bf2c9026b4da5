//! The tables that a reader of published figures cannot tell apart: all numbers, none below zero, that add up as printed.
//!
//! The corners of that body are walked by the simplex method. It works in floating point, and nothing rests on that: each
//! corner is rounded to whole numbers, and counts only where these, checked exactly, add up.

/// Smaller numbers are taken for zero.
const ZERO: f64 = 1e-9;
/// After so many steps towards one end the walk is given up; what it has found until then stands.
const MOST_STEPS: usize = 400;

/// One equation: coefficients of unknowns, and what they come to.
pub struct Equation {
    /// Each unknown with its coefficient.
    pub terms: Vec<(usize, i64)>,
    /// What they come to.
    pub sum: i64,
}

impl Equation {
    fn holds(&self, values: &[i64]) -> bool {
        self.terms.iter().map(|(unknown, factor)| values[*unknown] * factor).sum::<i64>() == self.sum
    }
}

/// The body of all solutions without a negative number, seen from one of its corners.
pub struct Polytope<'e> {
    equations: &'e [Equation],
    unknowns: usize,
    /// A row an equation, solved for one unknown each; the last number of a row is the right side.
    rows: Vec<Vec<f64>>,
    /// Which unknown each row is solved for.
    basis: Vec<usize>,
    /// The row of each unknown, where it has one.
    row_of: Vec<Option<usize>>,
}

impl<'e> Polytope<'e> {
    /// At some corner; `None` where none is found.
    pub fn new(equations: &'e [Equation], unknowns: usize) -> Option<Polytope<'e>> {
        let row = |equation: &Equation| {
            let sign = if equation.sum < 0 { -1.0 } else { 1.0 };
            let mut row = vec![0.0; unknowns + 1];
            for (unknown, factor) in &equation.terms {
                row[*unknown] += sign * *factor as f64;
            }
            row[unknowns] = sign * equation.sum as f64;
            row
        };
        let rows: Vec<Vec<f64>> = equations.iter().map(row).collect();
        // Until a row is solved for an unknown, it is solved for a quantity of its own that has to become zero.
        let basis = vec![usize::MAX; rows.len()];
        let mut body = Polytope { equations, unknowns, rows, basis, row_of: vec![None; unknowns] };
        let of = |unknown: usize| body.rows.iter().map(|row| row[unknown]).sum();
        // How fast what has to become zero shrinks with each unknown; the last is what there is of it.
        let mut gains: Vec<f64> = (0..=unknowns).map(of).collect();
        for step in 0..MOST_STEPS * 10 {
            let mut growing = (0..unknowns).filter(|&unknown| gains[unknown] > 1e-7);
            let entering = match step < MOST_STEPS * 5 {
                true => growing.max_by(|a, b| gains[*a].total_cmp(&gains[*b])),
                false => growing.next(),
            };
            let Some(entering) = entering else { break };
            let row = body.limiting(entering)?;
            body.solve(row, entering);
            let times = gains[entering];
            gains.iter_mut().zip(&body.rows[row]).for_each(|(gain, part)| *gain -= times * part);
        }
        if gains[unknowns] > 1e-6 {
            return None;
        }
        // What is left unsolved is zero: solved for any unknown, or an equation that says nothing new.
        for row in body.unsolved().collect::<Vec<_>>() {
            if let Some(unknown) = (0..unknowns).find(|&unknown| body.rows[row][unknown].abs() > 1e-7) {
                body.solve(row, unknown);
            }
        }
        Some(body)
    }

    /// Walks from corner to corner so that the unknown grows, or shrinks. `at` is shown every corner in whole numbers
    /// that add up, and ends the walk by `true`.
    pub fn walk(&mut self, unknown: usize, grow: bool, mut at: impl FnMut(&[i64]) -> bool) {
        for step in 0..MOST_STEPS {
            if self.corner().is_some_and(|corner| at(&corner)) {
                return;
            }
            let entering = match self.row_of[unknown] {
                None => grow.then_some(unknown),
                Some(row) => {
                    let gain =
                        |other: usize| if grow { -self.rows[row][other] } else { self.rows[row][other] };
                    let others = (0..self.unknowns).filter(|&other| self.row_of[other].is_none());
                    let mut gains = others.map(|other| (other, gain(other))).filter(|(_, gain)| *gain > 1e-7);
                    // The steepest way first; the first way later on, which never goes round in a circle.
                    let chosen = match step < MOST_STEPS / 4 {
                        true => gains.max_by(|a, b| a.1.total_cmp(&b.1)),
                        false => gains.next(),
                    };
                    chosen.map(|(other, _)| other)
                }
            };
            let Some(entering) = entering else { return };
            match self.limiting(entering) {
                Some(row) => self.solve(row, entering),
                None => {
                    // It grows without end: a point far out that way shows it.
                    if let Some(point) = self.far_out(entering) {
                        at(&point);
                    }
                    return;
                }
            }
        }
    }

    fn unsolved(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.rows.len()).filter(|&row| self.basis[row] == usize::MAX)
    }

    /// The row that limits how far an unknown can grow.
    fn limiting(&self, entering: usize) -> Option<usize> {
        let rows = (0..self.rows.len()).filter(|&row| self.rows[row][entering] > 1e-7);
        let limit = |row: &usize| self.rows[*row][self.unknowns] / self.rows[*row][entering];
        rows.min_by(|a, b| limit(a).total_cmp(&limit(b)).then_with(|| self.basis[*a].cmp(&self.basis[*b])))
    }

    /// Solves a row for an unknown, and takes it out of all others.
    fn solve(&mut self, row: usize, unknown: usize) {
        let factor = self.rows[row][unknown];
        let mut solved = std::mem::take(&mut self.rows[row]);
        // Most numbers are zero: only the others are touched.
        let parts: Vec<usize> = (0..solved.len()).filter(|&at| solved[at].abs() > ZERO).collect();
        parts.iter().for_each(|&at| solved[at] /= factor);
        for other in self.rows.iter_mut().filter(|other| !other.is_empty()) {
            let times = other[unknown];
            if times.abs() > ZERO {
                parts.iter().for_each(|&at| other[at] -= times * solved[at]);
            }
            other[unknown] = 0.0;
        }
        self.rows[row] = solved;
        if let Some(before) = self.row_of.get_mut(self.basis[row]) {
            *before = None;
        }
        self.basis[row] = unknown;
        self.row_of[unknown] = Some(row);
    }

    /// This corner in whole numbers, where they add up.
    fn corner(&self) -> Option<Vec<i64>> {
        self.whole(|row| self.rows[row][self.unknowns], None)
    }

    /// A point that lies a good way out from this corner.
    fn far_out(&self, entering: usize) -> Option<Vec<i64>> {
        const FAR: f64 = 1_000.0;
        let value = |row: usize| self.rows[row][self.unknowns] - FAR * self.rows[row][entering];
        self.whole(value, Some((entering, FAR as i64)))
    }

    fn whole(&self, value: impl Fn(usize) -> f64, besides: Option<(usize, i64)>) -> Option<Vec<i64>> {
        let mut values = vec![0; self.unknowns];
        for (row, unknown) in self.basis.iter().enumerate().filter(|(_, unknown)| **unknown != usize::MAX) {
            values[*unknown] = value(row).round() as i64;
        }
        if let Some((unknown, far)) = besides {
            values[unknown] = far;
        }
        let fits = values.iter().all(|value| *value >= 0);
        (fits && self.equations.iter().all(|equation| equation.holds(&values))).then_some(values)
    }
}
