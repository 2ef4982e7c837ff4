//! `gather`: a child that another thread wakes has its turn.

use loom::future::block_on;

use crate::gather;
use crate::model::{check, woken};

#[test]
fn children_are_woken_by_two_threads() {
    check(|| {
        let outputs = block_on(gather([woken(), woken()]));
        assert_eq!(outputs.len(), 2);
    });
}
