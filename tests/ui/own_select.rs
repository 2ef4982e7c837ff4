//! What the `select!` of coloop does not take.

fn main() {
    coloop::run(async {
        coloop::select! {
            () = async {} => {}
            complete => {}
            default => {}
        }
        coloop::select! {
            () = async {} => {}
            else => {}
            else => {}
        }
        coloop::select! {
            ready => {}
        }
    });
    coloop::run(async {
        coloop::select! {
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
            () = async {} => {}
        }
    });
}

#[coloop::coroutine]
async fn function() {
    coloop::select! {
        () = async {} => {}
        default => {}
    }
}
