//! How the system enters the program: `main` as C knows it, in place of the one that Rust puts before its own.
//!
//! Rust's reads the process's whole memory map from /proc at each start, to call an overflow of the first thread's stack by its
//! name: a thirtieth of the time of a short trace. What else it sees to is done here: the three standard descriptors are open, a
//! closed pipe and a file that may grow no further (`ulimit -f`) are errors and no signals, a panic ends with 101, and what was
//! printed is written out.

use std::ffi::{c_char, c_int};
use std::fs::OpenOptions;
use std::os::fd::IntoRawFd as _;
use std::panic::catch_unwind;

/// The exit status after a panic, as Rust has it.
const PANICKED: u8 = 101;

// the arguments are not looked at: glibc hands them to the standard library before it calls this
#[expect(unsafe_code, reason = "the C library looks for this very name")]
#[unsafe(no_mangle)]
extern "C" fn main(_count: c_int, _words: *const *const c_char) -> c_int {
    open_standard_descriptors();
    ignore_signals_of_writing();
    let status = catch_unwind(crate::run).unwrap_or(PANICKED);
    // writes out what is still buffered, which a return to C would not
    std::process::exit(status.into())
}

/// A file or a socket must never become a standard descriptor that whoever started us has closed.
#[expect(
    unsafe_code,
    reason = "poll(2): the pointer is to three live pollfds and the count says three"
)]
fn open_standard_descriptors() {
    let mut three = [0, 1, 2].map(|fd| libc::pollfd { fd, events: 0, revents: 0 });
    if unsafe { libc::poll(three.as_mut_ptr(), 3, 0) } <= 0 {
        return;
    }
    for _ in three.iter().filter(|one| one.revents & libc::POLLNVAL != 0) {
        // the lowest free number is the one that is missing
        match OpenOptions::new().read(true).write(true).open("/dev/null") {
            Ok(file) => drop(file.into_raw_fd()),
            Err(_) => std::process::abort(),
        }
    }
}

#[expect(unsafe_code, reason = "signal(2) takes and gives numbers")]
fn ignore_signals_of_writing() {
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_IGN) };
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
}
