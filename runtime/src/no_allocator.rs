//! An allocator for programs that have none: the linker asks for one as soon as `Box` is named.

use core::alloc::{GlobalAlloc, Layout};
use core::ptr;

/// An allocator that has no memory.
///
/// A coroutine asks rustc what a method does with its receiver by the type `Box`, of which it makes no allocation. The linker asks for
/// an allocator nevertheless:
///
/// ```ignore
/// #[global_allocator]
/// static NONE: coloop::NoAllocator = coloop::NoAllocator;
/// ```
///
/// What does allocate ends the program, as where memory has run out.
#[derive(Clone, Copy, Debug)]
pub struct NoAllocator;

// SAFETY: a null pointer says that there is no memory, so nothing is ever given back.
unsafe impl GlobalAlloc for NoAllocator {
    unsafe fn alloc(&self, _: Layout) -> *mut u8 {
        ptr::null_mut()
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}
