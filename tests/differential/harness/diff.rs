//! Two recordings side by side, equal lines in the same row.

use std::fmt::Write;

/// The table; the first row that differs is marked with `=>`, further ones with `|`.
pub(crate) fn side_by_side(native: &[String], compiled: &[String]) -> String {
    let rows = align(native, compiled);
    let width = native
        .iter()
        .map(|line| line.chars().count())
        .max()
        .unwrap_or(0)
        .clamp(24, 60);
    let mut table = format!("   {:width$}   compiled\n", "native");
    let mut marked = false;
    for (left, right) in rows {
        let mark = match (left == right, marked) {
            (true, _) => "  ",
            (false, false) => "=>",
            (false, true) => " |",
        };
        marked |= left != right;
        let (left, right) = (left.unwrap_or(""), right.unwrap_or(""));
        writeln!(table, "{mark} {left:width$}   {right}").expect("a String takes everything");
    }
    table
}

type Row<'a> = (Option<&'a str>, Option<&'a str>);

/// Rows of a longest common subsequence.
fn align<'a>(left: &'a [String], right: &'a [String]) -> Vec<Row<'a>> {
    // common[i][j]: how many lines left[i..] and right[j..] have in common.
    let mut common = vec![vec![0_u32; right.len() + 1]; left.len() + 1];
    for i in (0..left.len()).rev() {
        for j in (0..right.len()).rev() {
            common[i][j] = if left[i] == right[j] {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }

    let mut rows = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < left.len() || j < right.len() {
        let both = i < left.len() && j < right.len();
        if both && left[i] == right[j] {
            rows.push((Some(&*left[i]), Some(&*right[j])));
            (i, j) = (i + 1, j + 1);
        } else if j == right.len() || (both && common[i + 1][j] >= common[i][j + 1]) {
            rows.push((Some(&*left[i]), None));
            i += 1;
        } else {
            rows.push((None, Some(&*right[j])));
            j += 1;
        }
    }
    rows
}
