//! What the comparison complains of.

use std::collections::BTreeMap;

use coloop_asyncio::compare::{logs, Log};
use coloop_asyncio::judge::{judge, Verdict};
use coloop_asyncio::known::KNOWN;
use coloop_asyncio::scenarios;

/// The logs of both sides, equal but for the known differences.
fn both() -> [BTreeMap<String, Log>; 2] {
    let mut both = [BTreeMap::new(), BTreeMap::new()];
    let lines = |line: &str| Log::Lines(vec!["begins".to_owned(), line.to_owned()]);
    for scenario in scenarios() {
        let known = KNOWN.iter().find(|known| known.scenario == scenario.name);
        let (left, right) = known.map_or(("ends", "ends"), |known| known.first);
        both[0].insert(scenario.name.to_owned(), lines(left));
        both[1].insert(scenario.name.to_owned(), lines(right));
    }
    both
}

fn judged(
    change: impl FnOnce(&mut BTreeMap<String, Log>, &mut BTreeMap<String, Log>),
) -> (Verdict, String) {
    let [mut asyncio, mut coloop] = both();
    change(&mut asyncio, &mut coloop);
    let verdict = judge(asyncio, coloop);
    let complaints = verdict.complaints.join("\n");
    (verdict, complaints)
}

fn log(line: &str) -> Log {
    Log::Lines(vec!["begins".to_owned(), line.to_owned()])
}

#[test]
fn nothing_if_all_is_as_it_is_to_be() {
    let (verdict, complaints) = judged(|_, _| {});
    assert_eq!(complaints, "");
    assert_eq!(verdict.known, KNOWN.len());
    assert_eq!(verdict.same + verdict.known, scenarios().count());
}

#[test]
fn the_first_line_that_differs() {
    let (_, complaints) = judged(|_, coloop| {
        coloop.insert("tasks.start_order".to_owned(), log("other"));
    });
    assert!(complaints.contains(">*ends"), "{complaints}");
    assert!(complaints.contains("| other"), "{complaints}");
}

#[test]
fn a_log_that_ends_early() {
    let (verdict, _) = judged(|asyncio, _| {
        asyncio.insert("tasks.start_order".to_owned(), Log::Lines(Vec::new()));
    });
    assert_eq!(verdict.complaints.len(), 1);
}

#[test]
fn a_known_difference_that_is_none_or_another_one() {
    let known = &KNOWN[0];
    for line in [known.first.1, "other"] {
        let (verdict, complaints) = judged(|asyncio, _| {
            asyncio.insert(known.scenario.to_owned(), log(line));
        });
        assert_eq!(verdict.complaints.len(), 1);
        assert!(complaints.contains("known.rs"), "{complaints}");
    }
}

#[test]
fn a_scenario_of_one_side() {
    let (verdict, _) = judged(|asyncio, coloop| {
        asyncio.remove("tasks.start_order");
        coloop.remove("locks.first_come_first_served");
    });
    assert_eq!(verdict.complaints.len(), 2);
}

#[test]
fn not_a_scenario_that_this_python_cannot_run() {
    let (verdict, complaints) = judged(|asyncio, _| {
        let skipped = logs("tasks.start_order! needs Python 4.0");
        asyncio.extend(skipped.unwrap_or_default());
    });
    assert_eq!(complaints, "");
    assert_eq!(verdict.skipped, ["tasks.start_order needs Python 4.0"]);
}
