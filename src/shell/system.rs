//! The few system calls that the standard library has no name for. The only unsafe code of the shell.
//!
//! Each is one call on plain numbers, with its reason beside it. They are Unix's: elsewhere there is no job to stop, and whoever
//! closes the terminal ends the process.

use std::io;
use std::os::fd::RawFd;

/// Waits, without any CPU, until the other side of this descriptor is gone for good.
#[expect(unsafe_code, reason = "poll(2): the pointer is to one live pollfd and the count says one")]
pub(super) fn wait_for_hangup(fd: RawFd) {
    // no event asked for: only POLLHUP, POLLERR and POLLNVAL are ever reported
    let mut poll = libc::pollfd { fd, events: 0, revents: 0 };
    loop {
        let ready = unsafe { libc::poll(&mut poll, 1, -1) };
        let interrupted = io::Error::last_os_error().kind() == io::ErrorKind::Interrupted;
        if ready > 0 || !interrupted {
            return;
        }
    }
}

/// Leaves the session of the terminal, so that neither its end nor its Ctrl-C is heard any more.
#[expect(unsafe_code, reason = "setsid(2) takes and gives numbers")]
pub(super) fn leave_session() {
    unsafe { libc::setsid() };
}

/// Closes every descriptor above the standard ones that an ancestor left open: whoever waits for their end waits no longer.
#[expect(
    unsafe_code,
    reason = "called first thing in the process, before anything here owns a descriptor"
)]
pub(super) fn close_inherited() {
    let open = std::fs::read_dir("/dev/fd").into_iter().flatten().flatten();
    let numbers: Vec<RawFd> =
        open.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    for fd in numbers.into_iter().filter(|&fd| fd > 2) {
        unsafe { libc::close(fd) };
    }
}

/// Stops the whole job, as the terminal's own Ctrl-Z would. Returns at once where the system does not
/// stop it: a job that no shell watches can't be continued.
#[expect(
    unsafe_code,
    reason = "sigaction(2) with zeroed and returned structures, kill(2) on numbers"
)]
pub(super) fn stop_job() {
    // The default action has to be in force for the kernel to decide whether anyone could continue the job.
    // SAFETY: a zeroed sigaction is SIG_DFL with no flags and an empty mask.
    unsafe {
        let default: libc::sigaction = std::mem::zeroed();
        let mut ours: libc::sigaction = std::mem::zeroed();
        libc::sigaction(libc::SIGTSTP, &default, &mut ours);
        libc::kill(0, libc::SIGTSTP);
        libc::sigaction(libc::SIGTSTP, &ours, std::ptr::null_mut());
    }
}
