//! A task that is cancelled while another thread wakes it ends once, and as cancelled if it was told so.

use crate::model::{check, woken, Drops};
use crate::{spawn, yield_now, Runner};

#[test]
fn a_wake_comes_while_the_task_is_cancelled() {
    check(|| {
        let drops = Drops::default();
        Runner::new().run(async {
            let guard = drops.guard();
            let task = spawn(async move {
                let _guard = guard;
                woken().await;
            });
            yield_now().await;
            let is_asked = task.cancel();
            let is_cancelled = task.await.is_err_and(|error| error.is_cancelled());
            assert_eq!(is_cancelled, is_asked);
            drops.assert_once_at_home();
        });
    });
}
