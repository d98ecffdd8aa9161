//! Signals that end a batch: the lines that were read are still answered, in whole lines and with a
//! summary.
//!
//! A second signal ends the program at once.

#[cfg(unix)]
pub(super) use unix::Interrupts;

#[cfg(not(unix))]
pub(super) use elsewhere::Interrupts;

#[cfg(unix)]
mod unix {
    use std::io::{self, Write as _};
    use std::os::fd::AsFd;
    use std::os::unix::net::UnixStream;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::io::Errno;
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::{flag, low_level};

    use crate::keys::leave_signals;

    /// The signals that have come, and whether the batch has failed.
    pub(in crate::cli::batch) struct Interrupts {
        /// The two ends of a socket; the second can be read once something has come. `None` where
        /// signals cannot be watched.
        bell: Option<(UnixStream, UnixStream)>,
        signal: Arc<AtomicUsize>,
        failed: AtomicBool,
    }

    impl Interrupts {
        /// Watches for signals from now on.
        pub(in crate::cli::batch) fn watch() -> Self {
            let signal = Arc::new(AtomicUsize::new(0));
            Interrupts {
                bell: register(&signal).ok(),
                signal,
                failed: AtomicBool::new(false),
            }
        }

        /// Whether a signal has come, or the batch has failed.
        pub(in crate::cli::batch) fn has_come(&self) -> bool {
            self.signal.load(Ordering::Relaxed) != 0 || self.failed.load(Ordering::Relaxed)
        }

        /// Says that the batch has failed, to the thread that waits for input.
        pub(in crate::cli::batch) fn cancel(&self) {
            self.failed.store(true, Ordering::Relaxed);
            if let Some((ringer, _)) = &self.bell {
                let mut ringer: &UnixStream = ringer;
                // If there is no room for another byte, an earlier one is there already.
                let _ = ringer.write(&[0]);
            }
        }

        /// Waits until some input can be read; false where an interrupt comes first.
        pub(in crate::cli::batch) fn wait_for(&self, input: &impl AsFd) -> bool {
            while !self.has_come() {
                match self.poll(input, None) {
                    Ok(_) => break,
                    Err(Errno::INTR) => {}
                    // In that case the read itself waits.
                    Err(_) => return true,
                }
            }
            !self.has_come()
        }

        /// Whether some input can be read without waiting.
        pub(in crate::cli::batch) fn is_ready(&self, input: &impl AsFd) -> bool {
            let at_once = Timespec {
                tv_sec: 0,
                tv_nsec: 0,
            };
            self.poll(input, Some(&at_once))
                .is_ok_and(|ready| ready > 0)
        }

        fn poll(&self, input: &impl AsFd, timeout: Option<&Timespec>) -> Result<usize, Errno> {
            let input = PollFd::new(input, PollFlags::IN);
            match &self.bell {
                Some((_, bell)) => poll(&mut [input, PollFd::new(bell, PollFlags::IN)], timeout),
                None => poll(&mut [input], timeout),
            }
        }

        /// Ends the program as the signal would have, if one has come.
        pub(in crate::cli::batch) fn follow(&self) {
            if let Ok(signal @ 1..) = i32::try_from(self.signal.load(Ordering::Relaxed)) {
                // This does not return for a signal that ends programs.
                let _ = low_level::emulate_default_handler(signal);
            }
        }
    }

    fn register(signal: &Arc<AtomicUsize>) -> io::Result<(UnixStream, UnixStream)> {
        let (ringer, bell) = UnixStream::pair()?;
        let again = Arc::new(AtomicBool::new(false));
        for number in [SIGINT, SIGTERM] {
            let value = usize::try_from(number).unwrap_or_default();
            flag::register_conditional_default(number, Arc::clone(&again))?;
            flag::register(number, Arc::clone(&again))?;
            flag::register_usize(number, Arc::clone(signal), value)?;
            low_level::pipe::register(number, ringer.try_clone()?)?;
        }
        leave_signals();
        Ok((ringer, bell))
    }
}

#[cfg(not(unix))]
mod elsewhere {
    use std::sync::atomic::{AtomicBool, Ordering};

    /// Whether the batch has failed. No signal is watched for: Ctrl-C ends the program at once.
    pub(in crate::cli::batch) struct Interrupts(AtomicBool);

    impl Interrupts {
        pub(in crate::cli::batch) fn watch() -> Self {
            Interrupts(AtomicBool::new(false))
        }

        pub(in crate::cli::batch) fn has_come(&self) -> bool {
            self.0.load(Ordering::Relaxed)
        }

        /// The thread that waits for input learns of it with the next line.
        pub(in crate::cli::batch) fn cancel(&self) {
            self.0.store(true, Ordering::Relaxed);
        }

        pub(in crate::cli::batch) fn wait_for<I>(&self, _input: &I) -> bool {
            !self.has_come()
        }

        /// That is not known here.
        #[expect(clippy::unused_self, reason = "where there are signals, it is known")]
        pub(in crate::cli::batch) fn is_ready<I>(&self, _input: &I) -> bool {
            false
        }

        #[expect(
            clippy::unused_self,
            reason = "where there are signals, it follows them"
        )]
        pub(in crate::cli::batch) fn follow(&self) {}
    }
}
