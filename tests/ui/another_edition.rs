//! When temporaries end is known for the edition of the crate only.

coloop_edition_2024::counts!(length);

fn main() {
    coloop::run(length(&[]));
}
