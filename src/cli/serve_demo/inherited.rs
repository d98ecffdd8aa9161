//! Descriptors from which a secret was read: the command beside the server must not inherit them.

use std::path::Path;

use crate::cli::args::ServeDemoArgs;
use crate::keys::{Local, Source};

/// The descriptors that the keys, the passphrase and the configuration were read from.
pub(super) struct Inherited {
    numbers: Vec<u32>,
}

impl Inherited {
    pub(super) fn of(args: &ServeDemoArgs) -> Inherited {
        let sources = args.key.key.iter().chain(&args.key.reading.passphrase);
        let sources = sources.chain(&args.control_token);
        let named = sources.filter_map(|text| descriptor(&Source::parse(text).ok()?));
        let config = args.config.as_deref().and_then(number_of);
        let tls = args.tls.iter().flat_map(|text| text.split(','));
        let tls = tls.filter_map(|path| number_of(Path::new(path)));
        Inherited {
            numbers: named.chain(config).chain(tls).collect(),
        }
    }

    /// Whether standard input is one of them, since a file can be read again from its beginning.
    pub(super) fn has_stdin(&self) -> bool {
        self.numbers.contains(&0)
    }

    /// Closes the descriptors that the shell has opened only for this; standard output and standard
    /// error stay.
    #[cfg_attr(
        not(unix),
        expect(clippy::unused_self, reason = "no descriptor is inherited there")
    )]
    pub(super) fn close(&self) {
        #[cfg(unix)]
        for number in self.numbers.iter().filter(|number| **number > 2) {
            // If it is closed already, there is nothing to inherit.
            let _ = i32::try_from(*number).map(nix::unistd::close);
        }
    }
}

/// The descriptor of a place that can be read once.
pub(super) fn descriptor(source: &Source) -> Option<u32> {
    match source {
        Source::Stdin(_) => Some(0),
        Source::Local(Local::Fd(number)) => Some(*number),
        Source::Local(Local::File(path)) => number_of(path),
        Source::Local(_) | Source::Holder(_) | Source::Roots(_) | Source::Remote(_) => None,
    }
}

/// The descriptor that a path names, as shells write it for `<(…)`.
fn number_of(path: &Path) -> Option<u32> {
    let folders = ["/dev/fd", "/proc/self/fd"];
    let name = folders
        .iter()
        .find_map(|folder| path.strip_prefix(folder).ok())
        .or_else(|| (path == Path::new("/dev/stdin")).then_some(Path::new("0")));
    name?.to_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_descriptor_is_known_by_each_of_its_names() {
        assert_eq!(number_of(Path::new("/dev/fd/63")), Some(63));
        assert_eq!(number_of(Path::new("/proc/self/fd/3")), Some(3));
        assert_eq!(number_of(Path::new("/dev/stdin")), Some(0));
        assert_eq!(number_of(Path::new("/dev/fd/x")), None);
        assert_eq!(number_of(Path::new("./key.pem")), None);
    }
}
