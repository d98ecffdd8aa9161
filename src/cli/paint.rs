//! Colour and width, decided for each stream by itself; nothing is said by colour alone.

use std::ops::RangeInclusive;

use colored::Colorize as _;

use crate::cli::args::ColorChoice;

/// The fewest and the most columns that output is laid out for.
const COLUMNS: RangeInclusive<usize> = 40..=200;

/// The look of a stream: it paints words or leaves them as they are, and knows how many columns lines have.
#[derive(Clone, Copy, Debug)]
pub struct Paint {
    on: bool,
    columns: Option<usize>,
}

impl Paint {
    /// Decides by `--color`, then `NO_COLOR`, `CLICOLOR_FORCE`, `CLICOLOR`, `TERM=dumb`, and
    /// whether the stream is a terminal. An empty variable counts as not set.
    pub fn decide(
        choice: ColorChoice,
        env: impl Fn(&str) -> Option<String>,
        is_terminal: bool,
    ) -> Self {
        let set = |name: &str| env(name).filter(|value| !value.is_empty());
        let on = match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => {
                if set("NO_COLOR").is_some() {
                    false
                } else if set("CLICOLOR_FORCE").is_some_and(|v| v != "0") {
                    true
                } else {
                    is_terminal
                        && set("CLICOLOR").is_none_or(|v| v != "0")
                        && set("TERM").is_none_or(|v| v != "dumb")
                }
            }
        };
        if on {
            // `colored` decides for standard output only; here every stream has its own answer.
            colored::control::set_override(true);
        }
        Paint { on, columns: None }
    }

    /// The same with a number of columns: that of the terminal, or else `COLUMNS`. Without either, lines have
    /// no limit: a program may read them.
    #[must_use]
    pub fn in_columns(
        self,
        of_terminal: Option<usize>,
        env: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let wished = || env("COLUMNS")?.parse().ok();
        let columns = of_terminal.or_else(wished).filter(|columns| *columns > 0);
        Paint {
            columns: columns.map(|n| n.clamp(*COLUMNS.start(), *COLUMNS.end())),
            ..self
        }
    }

    /// How many columns a line may take; `None` if there is no limit.
    #[must_use]
    pub fn columns(self) -> Option<usize> {
        self.columns
    }

    /// Whether the stream is coloured.
    #[must_use]
    pub fn is_on(self) -> bool {
        self.on
    }

    fn paint(self, text: &str, style: impl Fn(&str) -> colored::ColoredString) -> String {
        if self.on {
            style(text).to_string()
        } else {
            text.to_owned()
        }
    }

    /// Headings and words that stand out.
    #[must_use]
    pub fn bold(self, text: &str) -> String {
        self.paint(text, |t| t.bold())
    }

    /// What explains.
    #[must_use]
    pub fn dim(self, text: &str) -> String {
        self.paint(text, |t| t.dimmed())
    }

    /// What failed.
    #[must_use]
    pub fn red(self, text: &str) -> String {
        self.paint(text, |t| t.red().bold())
    }

    /// What passed.
    #[must_use]
    pub fn green(self, text: &str) -> String {
        self.paint(text, |t| t.green().bold())
    }

    /// What to look at.
    #[must_use]
    pub fn yellow(self, text: &str) -> String {
        self.paint(text, |t| t.yellow().bold())
    }

    /// Names and hints.
    #[must_use]
    pub fn cyan(self, text: &str) -> String {
        self.paint(text, |t| t.cyan())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_knows_its_width_better_than_the_environment() {
        let plain = Paint::decide(ColorChoice::Never, |_| None, false);
        let columns = |of_terminal, text: &'static str| {
            let env = |name: &str| (name == "COLUMNS").then(|| text.to_owned());
            plain.in_columns(of_terminal, env).columns()
        };
        assert_eq!(columns(Some(100), "80"), Some(100));
        assert_eq!(columns(None, "80"), Some(80));
        assert_eq!(columns(Some(7), ""), Some(40));
        assert_eq!(columns(None, "1000"), Some(200));
        for text in ["", "0", "-1", "wide", "99999999999999999999"] {
            assert_eq!(columns(None, text), None, "{text}");
        }
    }

    fn on(choice: ColorChoice, env: &[(&str, &str)], is_terminal: bool) -> bool {
        let env = |name: &str| {
            env.iter()
                .find(|(n, _)| *n == name)
                .map(|(_, v)| (*v).to_owned())
        };
        Paint::decide(choice, env, is_terminal).is_on()
    }

    #[test]
    fn the_flag_wins_over_the_environment() {
        assert!(on(ColorChoice::Always, &[("NO_COLOR", "1")], false));
        assert!(!on(ColorChoice::Never, &[("CLICOLOR_FORCE", "1")], true));
    }

    #[test]
    fn no_color_wins_over_force_unless_it_is_empty() {
        assert!(!on(
            ColorChoice::Auto,
            &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")],
            true
        ));
        assert!(on(
            ColorChoice::Auto,
            &[("NO_COLOR", ""), ("CLICOLOR_FORCE", "1")],
            false
        ));
    }

    #[test]
    fn a_terminal_is_coloured_unless_it_is_dumb() {
        assert!(on(ColorChoice::Auto, &[("TERM", "xterm")], true));
        assert!(!on(ColorChoice::Auto, &[("TERM", "dumb")], true));
        assert!(!on(ColorChoice::Auto, &[("CLICOLOR", "0")], true));
        assert!(!on(ColorChoice::Auto, &[], false));
    }
}
